/**
 * Downloads the `temporal` command into the folder of its argument by Temporal's SDK, which knows URL, platform and
 * version. It is JavaScript, because the global setup of tests starts it, where no loader for TypeScript can be found.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const downloadDir = process.argv[2];
if (downloadDir === undefined) throw new Error('expected the folder to download into as argument');
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  });
  await environment.teardown();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
