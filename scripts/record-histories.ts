/**
 * Records the history of every scenario in `test/replay/histories/WORKFLOW/`, so that later code must replay the
 * histories of running workflows. Existing files stay unless `--all` is given: after the first release, a history that
 * no longer replays requires a patched change instead of a new recording.
 *
 * Usage: `npm run record` or `npm run record -- --all`
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { projectDir } from '../config/project.ts';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowHandle } from '@temporalio/client';
import { atRest, type Scenario, startScenario } from '../test/support/scenarios/scenario.ts';
import { scenarios } from '../test/support/scenarios/index.ts';
import { startTestTemporal } from '../test/support/temporal.ts';

const folder = fileURLToPath(new URL('../test/replay/histories/', import.meta.url));
const release = process.env['npm_package_version'] ?? '0.1.0';
const temporal = await startTestTemporal({ suggestContinueAsNewAt: 150 });

/** Returns the path of a history; the name of a scenario is `WORKFLOW.SCENARIO`, and each workflow has a folder. */
function fileOf(name: string, suffix: string): string {
  return `${name.replace('.', '/')}${suffix}.${release}.json`;
}

/** Returns the first run and, after continue-as-new, the last one, because the histories of both must replay. */
async function runsOf(handle: WorkflowHandle): Promise<string[]> {
  // The handle of a started workflow has this field.
  const { firstExecutionRunId, workflowId } = handle as WorkflowHandle & { firstExecutionRunId?: string };
  const { runId } = await temporal.client.workflow.getHandle(workflowId).describe();
  return [...new Set([firstExecutionRunId ?? runId, runId])];
}

/** Returns the workflow to record: the one that was started, or a child of it. */
async function recordedOf(handle: WorkflowHandle, { recordsChild }: Scenario): Promise<WorkflowHandle> {
  if (recordsChild === undefined) return handle;
  const { events } = await handle.fetchHistory();
  const children = events?.flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes ?? []) ?? [];
  const id = children[recordsChild]?.workflowId;
  if (typeof id !== 'string')
    throw new TypeError(`expected a child ${String(recordsChild)}, got ${String(children.length)}`);
  return temporal.client.workflow.getHandle(id);
}

/** Removes the details of this machine: folders in stack traces, and host and process in identities. */
function anonymous(json: string): string {
  return json
    .replaceAll(projectDir, '')
    .replaceAll(hostname(), 'host')
    .replaceAll(/"identity": ?"[^"]*"/g, '"identity": "worker"')
    .replaceAll(/"stackTrace": ?"[^"]*"/g, '"stackTrace": ""');
}

async function record(name: string, scenario: Scenario): Promise<void> {
  const workflowId = `recorded-${name}`;
  const world = scenario.world();
  const started = await temporal.withWorkers(world.activities, async () => {
    const run = await startScenario(temporal.client, scenario, world, workflowId);
    await atRest(temporal.client, run);
    return run;
  });
  const handle = await recordedOf(started, scenario);
  const runs = await runsOf(handle);
  for (const [index, runId] of runs.entries()) {
    const history = await temporal.client.workflow.getHandle(handle.workflowId, runId).fetchHistory();
    const file = fileOf(name, runs.length > 1 ? `.run-${String(index + 1)}` : '');
    await mkdir(path.dirname(folder + file), { recursive: true });
    await writeFile(folder + file, anonymous(historyToJSON(history)));
    process.stdout.write(`${file}: ${String(history.events?.length ?? 0)} events\n`);
  }
}

for (const [name, scenario] of Object.entries(scenarios)) {
  const known = ['', '.run-1'].some((suffix) => existsSync(folder + fileOf(name, suffix)));
  if (!known || process.argv.includes('--all')) await record(name, scenario);
}
await temporal.stop();
process.exit(0);
