/** What a caller can do with Perennial. The API and the CLI know only these types, so tests can put a fake in their place. */
import type { CanvasJobs } from './canvas/types.ts';
import type { ReportJobs } from './reports/types.ts';
import type { HousekeepingJobs } from './housekeeping/types.ts';
import type { EmailJobs } from './email/types.ts';
import type { TaskInput, TaskName, TaskOutput } from '../contracts/catalogue.ts';
import type { QueueControls } from './queues/types.ts';
import type { ScheduleJobs } from './schedules/types.ts';
import type { ImportJobs } from './imports/types.ts';
import type { TaskCaller, TaskJobs } from './tasks/types.ts';
import type { DocumentJobs } from './documents/types.ts';

/** A connection to Perennial. */
export interface PerennialClient {
  /** One task of the catalogue, typed by its name: `client.task('samples.add').call({ a: 1, b: 2 })`. */
  task<N extends TaskName>(name: N): TaskCaller<TaskInput<N>, TaskOutput<N>>;
  readonly tasks: TaskJobs;
  /** Compositions of tasks: chains, groups, chords and what they are made of. */
  readonly canvas: CanvasJobs;
  readonly queues: QueueControls;
  readonly documents: DocumentJobs;
  readonly reports: ReportJobs;
  readonly housekeeping: HousekeepingJobs;
  readonly email: EmailJobs;
  readonly imports: ImportJobs;
  readonly schedules: ScheduleJobs;
  /** Succeeds when the Temporal server answers. @throws Unavailable */
  ping(): Promise<void>;
  /** Worker processes that are polling; 0 as soon as one of the queues has none, because jobs would then stand still. */
  countWorkers(): Promise<number>;
  close(): Promise<void>;
}
