/** The vocabulary for applications: the catalogue of tasks, and the registry of failures. */
export { catalogue, tasksByDomain, type Task, type TaskInput, type TaskName, type TaskOutput } from './catalogue.ts';
export {
  failures,
  PerennialError,
  type FailureClass,
  type FailureRecord,
  type FailureRule,
  type FailureType,
} from './failures.ts';
