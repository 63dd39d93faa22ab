/** What workflows that are written by hand call tasks with and compose calls with. */
export {
  Call,
  chain,
  chord,
  group,
  type GroupOptions,
  type Join,
  type Member,
  type MemberOutcome,
  type Step,
} from './composition.ts';
export type { CallOverrides } from './proxies.ts';
export { tasks } from './tasks.ts';
export { proxyTasks, type CallByName } from './own-tasks.ts';
