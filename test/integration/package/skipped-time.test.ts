/** The testing kit skips time: hours of an application on Temporal's own test server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queues } from '../../../contracts/queues/names.ts';
import { DAY_MS, HOUR_MS } from '../../../contracts/values/units.ts';
import { defineTask } from '../../../define/index.ts';
import { withSkippedTime } from '../../../testing/index.ts';
import { applicationFolder, type ApplicationFolder, CONFIG, HEAD } from '../../support/application/folder.ts';
import { hasJava, provideTestServer } from '../../support/servers/time-skipping.ts';
import { quietRuntime } from '../../support/temporal.ts';

const remind = defineTask({ name: 'shop.remind', input: z.string(), output: z.string() }, (order) => order);
const charge = defineTask({ name: 'shop.charge', input: z.string(), output: z.int() }, () => 0);
const tasks = { remind, charge };

const FILES = {
  'package.json': '{ "type": "module" }',
  'perennial.config.ts': `${CONFIG}export default defineConfig({});\n`,
  'tasks/shop.ts': `${HEAD}
export const remind = defineTask({ name: 'shop.remind', input: z.string(), output: z.string() }, (order) => 'reminded of ' + order);
const daily = { attempts: 4, delayMs: 6 * 3600000, backoff: 1, jitter: 0, maxDelayMs: 6 * 3600000, reason: 'The bank answers once a day.' };
export const charge = defineTask(
  { name: 'shop.charge', input: z.string(), output: z.int(), retry: daily },
  (_order, { attempt }) => {
    if (attempt < 4) throw new Error('the bank is closed');
    return attempt;
  },
);
`,
  'workflows/patience.ts': `import { sleep } from '@temporalio/workflow';
export async function patience(): Promise<string> {
  await sleep('30 days');
  return new Date().toISOString();
}
`,
};

const java = await hasJava();

describe.skipIf(!java)('TEST-1 an application whose time is skipped (needs java and mvn)', () => {
  let folder: ApplicationFolder;
  let server: string;
  beforeAll(async () => {
    quietRuntime();
    folder = await applicationFolder();
    await folder.write(FILES);
    server = await provideTestServer();
  });
  afterAll(() => folder.remove());

  it('takes countdowns, retries and timers as long as production does, and a moment of the machine', async () => {
    const began = Date.now();
    await withSkippedTime(
      { application: folder.path, tasks, server },
      async ({ client, temporal, until, skip, now }) => {
        const start = (await now()).getTime();
        const passed = async (): Promise<number> => (await now()).getTime() - start;
        const reminder = await client.task('shop.remind').call('4711', { countdown: 24 * 3600 });
        await skip(23 * HOUR_MS);
        expect((await reminder.status()).state).toBe('PENDING');
        expect(await until(reminder.result())).toBe('reminded of 4711');
        expect(await passed()).toBeGreaterThanOrEqual(24 * HOUR_MS);
        // The first three attempts fail, and six hours lie between two.
        const charged = await client.task('shop.charge').call('4711');
        expect(await until(charged.result())).toBe(4);
        expect(await passed()).toBeGreaterThanOrEqual(42 * HOUR_MS);
        const options = { workflowId: 'patience', taskQueue: queues.workflows };
        const ended = await temporal.workflow.execute<() => Promise<string>>('patience', options);
        expect(Date.parse(ended) - start).toBeGreaterThanOrEqual(30 * DAY_MS);
      },
    );
    expect(Date.now() - began).toBeLessThan(HOUR_MS);
  });

  it('says what to do where there is no test server', async () => {
    const missing = withSkippedTime({ application: folder.path, server: '/no/such/server' }, () => Promise.resolve());
    await expect(missing).rejects.toThrow(/^server: expected Temporal's test server; pass its program under `server`/);
  });
});
