import { mkdtempSync, rmSync } from 'node:fs';
import { withStack } from './stack.ts';
import { ourSide } from './canvas/ours.ts';
import { scenarios, variants } from './canvas/scenarios.ts';
import { lineReporter } from '../stack/reporter.ts';
import { Client, Connection } from '@temporalio/client';
const n = Number(process.argv[2] ?? 10000); const variant = process.argv[3] ?? 'packed'; const name = process.argv[4] ?? 'group';
const folder = mkdtempSync('/tmp/to-');
const context = { quick: true, rounds: 1, truth: undefined, cores: 2, folder, log: lineReporter(() => undefined), signal: new AbortController().signal } as any;
await withStack(context, { roots: ['/tmp'] }, async (s) => {
  const sc = scenarios.find((x) => x.name === name && x.targets[variant as 'plain'] !== undefined)!;
  await sc.run(ourSide(s), 500, variants[variant as 'plain']);
  await sc.run(ourSide(s), n, variants[variant as 'plain']);
  await new Promise((r) => setTimeout(r, 500));
  const t0 = Date.now(); await sc.run(ourSide(s), n, variants[variant as 'plain']); console.log('total', Date.now() - t0);
  const client = new Client({ connection: await Connection.connect({ address: s.temporal }) });
  await new Promise((r) => setTimeout(r, 500));
  const rows: any[] = [];
  for await (const w of client.workflow.list({ query: `StartTime >= '${new Date(t0).toISOString()}'` })) rows.push(w);
  rows.sort((a, b) => a.startTime - b.startTime);
  for (const w of rows.slice(0, 14)) {
    const h = await client.workflow.getHandle(w.workflowId, w.runId).fetchHistory();
    const ms = (e: any) => Number(e.eventTime.seconds) * 1000 + e.eventTime.nanos / 1e6 - t0;
    const line = (h.events ?? []).map((e: any) => `${Object.keys(e).find((k) => k.endsWith('EventAttributes'))!.replace('EventAttributes', '').replace('workflow','wf').replace('activity','act').replace('Execution','').replace('TaskScheduled','Sch').replace('TaskStarted','St').replace('TaskCompleted','Com')}@${ms(e).toFixed(0)}`);
    console.log(w.workflowId.slice(-20), line.length, line.length > 90 ? line.slice(0, 60).join(' ') + ' … ' + line.slice(-12).join(' ') : line.join(' '));
  }
});
rmSync(folder, { recursive: true, force: true });
process.exit(0);
