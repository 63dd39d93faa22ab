/** Starts text messages and finds them again. */
import { randomUUID } from 'node:crypto';
import { sendMessageInputSchema, type SendMessageOutput } from '../../contracts/messages/schema.ts';
import { messageTasks } from '../../contracts/messages/tasks.ts';
import { messageWorkflowId, messageWorkflows } from '../../contracts/messages/vocabulary.ts';
import type { sendMonthlyReports, sendWeeklyCheckins } from '../../workflows/index.ts';
import { jobHandle } from '../connection/handles.ts';
import { validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { begin, onlyOne } from '../email/mailing.ts';
import { privateId } from '../email/private-ids.ts';
import { queueTask } from '../tasks/queue-task.ts';
import type { MessageJobs } from './types.ts';

/** Binds text messages to a connection. */
export function createMessageJobs({ rpc, priorityLevels }: Pick<ClientContext, 'rpc' | 'priorityLevels'>): MessageJobs {
  return {
    send: async ({ messageKey = randomUUID(), ...rest }) => {
      const input = validate(sendMessageInputSchema, { messageKey, ...rest });
      const workflowId = await privateId(rpc, `${messageTasks.send.name}\n${messageKey}`, messageWorkflowId);
      // The ledger holds what became of a key, so another message under it would never leave.
      const again = { whenDone: 'keep', whenFailed: 'go-on' } as const;
      await queueTask(rpc, priorityLevels, { task: messageTasks.send, workflowId, input, again });
      return jobHandle<SendMessageOutput>(rpc, workflowId);
    },
    sendMonthlyReports: () =>
      begin<typeof sendMonthlyReports>(
        rpc,
        onlyOne(messageWorkflows.sendMonthlyReports, 'monthly report to all users'),
      ),
    sendWeeklyCheckins: () =>
      begin<typeof sendWeeklyCheckins>(rpc, onlyOne(messageWorkflows.sendWeeklyCheckins, 'check-in on all users')),
    getMessage: (taskId) => jobHandle<SendMessageOutput>(rpc, taskId),
  };
}
