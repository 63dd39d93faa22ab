/** The second half of the demo: imports a list, writes a report and shows the email. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { PerennialClient } from '../../client/index.ts';
import type { BlobStore } from '../../services/blobs/port.ts';
import type { Reporter } from '../reporter.ts';
import type { StackAddresses } from '../state.ts';

/** A list of five users, of which two rows are invalid on purpose. */
const LIST = new URL('readers.csv', import.meta.url);

/** Imports the list of users; invalid rows are explained and do not fail the import. */
export async function importList(client: PerennialClient, blobs: BlobStore, log: Reporter): Promise<void> {
  log.step('Importing a list of readers');
  const blob = await blobs.put('uploads', await readFile(LIST));
  const handle = await client.imports.start({ source: { blob }, schema: 'users' }, { id: `demo-${randomUUID()}` });
  const { read, saved, rejected, skipped } = await handle.result();
  log.done(
    `Imported a list: ${String(read)} rows read, ${String(saved)} saved, ${String(rejected)} rejected (wrong on purpose), ${String(skipped)} skipped`,
  );
}

/** Writes the report of this month and emails it. */
export async function reportOnMonth(client: PerennialClient, addresses: StackAddresses, log: Reporter): Promise<void> {
  log.step('Writing the report of this month');
  const date = new Date().toISOString().slice(0, 10);
  const report = await client.reports.monthly({ date });
  await report.result();
  log.done(`Report of this month written and mailed: ${await whereMailed(addresses)}`);
}

const inboxSchema = z.object({ messages: z.array(z.object({ id: z.string(), subject: z.string() })) });

/** Shows the newest report in the development inbox. */
async function whereMailed({ inbox }: StackAddresses): Promise<string> {
  if (inbox === undefined) return 'see the mailbox of ADMIN_EMAIL';
  const response = await fetch(new URL('/messages', inbox));
  const { messages } = inboxSchema.parse(await response.json());
  const report = messages.find(({ subject }) => subject.startsWith('Monthly Report'));
  return report === undefined ? inbox : new URL(`/mail/${report.id}`, inbox).href;
}
