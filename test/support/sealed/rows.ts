/** Tasks of one's own that take secrets without a name; they stand in for `contracts/own/tasks.ts`. */
import { ownTask } from '../../../contracts/own/vocabulary.ts';

const once = { attempts: 1, delayMs: 1, reason: 'The test looks at the first attempt.' } as const;

export const ownTasks = {
  /** Its whole input is a secret. */
  redeem: ownTask({
    name: 'own.redeem',
    purpose: 'Redeems a voucher.',
    sealInput: true,
    batchable: true,
    retry: { ...once, attempts: 3 },
    input: (z) => z.string(),
    output: (z) => z.int(),
  }),
  /** Its second positional argument is a secret. */
  signIn: ownTask({
    name: 'own.signIn',
    purpose: 'Signs in with a code.',
    sealInput: true,
    composes: true,
    retry: once,
    parameters: ['count', 'code', 'next'],
    input: (z) => z.strictObject({ count: z.int(), code: z.string(), next: z.string().optional() }),
    output: (z) => z.int(),
  }),
  /** Nothing of it is sealed unless the caller marks it. */
  measure: ownTask({
    name: 'own.measure',
    purpose: 'Measures a text.',
    retry: once,
    parameters: ['text'],
    input: (z) => z.strictObject({ text: z.string() }),
    output: (z) => z.int(),
  }),
} as const;
