import { deadLetterWorkflows, redriveMessages } from '../../../contracts/dlq/vocabulary.ts';
import { type ScriptedRedrives, scriptRedrives } from '../scripted/redrives.ts';
import { type Scenario, until } from './scenario.ts';

const workflow = deadLetterWorkflows.redriveLetters;
const order = { filter: { fingerprint: '0f3c9a51be77' }, by: 'ada', reason: 'it is back', perSecond: 1_000 };

export const deadLetterScenarios = {
  'redrive-letters.success': { workflow, world: () => scriptRedrives(120), args: [order] },
  'redrive-letters.limited': { workflow, world: () => scriptRedrives(120), args: [{ ...order, limit: 70 }] },
  'redrive-letters.steered': {
    workflow,
    world: () => scriptRedrives(10),
    args: [{ ...order, perSecond: 1 }],
    meanwhile: async (handle, world) => {
      await until(() => world.asked.length > 0);
      await handle.signal(redriveMessages.pause, 'bob');
      await handle.signal(redriveMessages.resume, 'bob');
      await until(() => world.asked.length > 1);
      await handle.signal(redriveMessages.abort, 'eve');
    },
  },
  'redrive-letters.continued-as-new': { workflow, world: () => scriptRedrives(2_000), args: [order] },
} as const satisfies Readonly<Record<string, Scenario<ScriptedRedrives>>>;
