/** Runs the worker of the product and records the duration of each activity of a report, and of the drawing in it. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { createReportRenderer } from '../../services/reports/renderer.ts';
import { createDomains } from '../../workers/domains/index.ts';
import { createReportsDomain } from '../../workers/domains/reports.ts';
import type { Activities } from '../../activities/shell/activity.ts';
import { runBenchWorker } from '../bench-worker.ts';
import { type ReportTiming, TIMINGS_FILE } from './timing.ts';

await runBenchWorker({
  name: 'reports',
  activities: async (context) => {
    const file = path.join(context.config.stateDir, TIMINGS_FILE);
    const note = (timing: ReportTiming): void => {
      appendFileSync(file, `${JSON.stringify(timing)}\n`);
    };
    const renderer = createReportRenderer({ onDrawn: (ms) => note({ part: 'drawing', ms }) });
    const { activities } = createReportsDomain(context, renderer);
    return { ...(await createDomains(context)).activities, ...timed(activities, note) };
  },
});

function timed(activities: Activities, note: (timing: ReportTiming) => void): Activities {
  return Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      async (input: unknown) => {
        const startedAt = performance.now();
        try {
          return await activity(input);
        } finally {
          note({ part: 'activity', name, ms: performance.now() - startedAt });
        }
      },
    ]),
  );
}
