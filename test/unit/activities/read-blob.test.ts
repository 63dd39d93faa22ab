/** Blobs that a caller names and that a task reads as a whole. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sendBulkChunk } from '../../../activities/email/bulk.ts';
import type { EmailPorts } from '../../../activities/email/ports.ts';
import { generatePdf } from '../../../activities/reports/draw.ts';
import type { ReportPorts } from '../../../activities/reports/ports.ts';
import type { TaskContext } from '../../../activities/shell/task-body.ts';
import { BYTES_PER_MB } from '../../../contracts/values/units.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import { busyMonth, october } from '../../support/reports/samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'perennial-read-blob-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const blobs = createBlobStore(pathToFileURL(folder).href);
const context = { signal: new AbortController().signal } as TaskContext; // these bodies use nothing else of it
const large = await blobs.put('uploads', Buffer.alloc(8 * BYTES_PER_MB + 1, ' '));
const small = await blobs.put('uploads', Buffer.from('{}'));
const refusal = (field: string) => ({
  type: 'InvalidInput',
  message: `${field}: expected a blob of at most 8388608 bytes, got one of 8388609. Name the blob that the step before has made.`,
});

describe('SEC-4 a blob that is too large is refused by its field before it is read', () => {
  const plan = { reportId: 'r', title: 't', fileName: 'r.pdf', period: october, userId: null };
  const pdf = (details: object, png: object) =>
    generatePdf(
      { renderer: {}, blobs } as unknown as ReportPorts,
      {
        plan,
        data: { ...busyMonth(), details },
        charts: [{ name: 'timeline', title: 'x', png, width: 1, height: 1 }],
      } as never,
      context,
    );

  it('the details of a report', () => expect(pdf(large, small)).rejects.toMatchObject(refusal('data.details')));

  it('a chart of a report', () => expect(pdf(small, large)).rejects.toMatchObject(refusal('charts.timeline.png')));

  it('the message of a bulk', async () => {
    const chunk = { bulkId: 'b', recipients: small, message: large, first: 0, count: 1, round: 1 };
    const ports = { blobs } as unknown as EmailPorts;
    await expect(sendBulkChunk(ports, chunk, context)).rejects.toMatchObject(refusal('message'));
  });
});
