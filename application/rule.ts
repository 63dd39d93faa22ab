import type { QueueRow } from '../contracts/queues/table.ts';
import type { AnyDefinedTask } from '../define/task.ts';
import type { ApplicationFault } from './faults.ts';

/** A rule about the row of a task: what it expects, what it got and what to do, unless it holds. */
export type Rule = (task: AnyDefinedTask, queue: QueueRow | undefined) => Omit<ApplicationFault, 'field'> | undefined;
