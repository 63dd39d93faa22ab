import type { KeptAnswers } from '../../../services/answers/port.ts';
import type { Layer } from '../layer.ts';
import { onceIn } from '../once.ts';

/** Provides `once` of the context. Without a ledger, a body that asks for an effect fails. */
export function once(ledger: KeptAnswers | undefined): Layer {
  if (ledger === undefined) return (call, next) => next(call);
  return (call, next) => {
    const { task, attempt, facts, stop, log } = call;
    const asker = { taskName: task.name, taskId: attempt.taskId, tenant: facts.tenant, stop, log };
    return next({ ...call, once: onceIn(ledger, asker) });
  };
}
