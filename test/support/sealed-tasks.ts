/** Tasks of an application that take secrets without a name. Each gives the length of what it was given in plain text. */
import { z } from 'zod';
import { defineTask } from '../../define/index.ts';

const once = { attempts: 1, delayMs: 1, reason: 'The test looks at the first attempt.' } as const;

/** Its whole input is a secret. */
const redeem = defineTask(
  {
    name: 'vouchers.redeem',
    sealInput: true,
    batchable: true,
    retry: { ...once, attempts: 3 },
    input: z.string(),
    output: z.int(),
  },
  (voucher) => voucher.length,
);

/** Its second positional argument is a secret. */
const signIn = defineTask(
  {
    name: 'vouchers.signIn',
    sealInput: true,
    composes: true,
    retry: once,
    parameters: ['count', 'code', 'next'],
    input: z.strictObject({ count: z.int(), code: z.string(), next: z.string().optional() }),
    output: z.int(),
  },
  ({ count, code, next }, { replaceWith }) =>
    next === undefined ? count + code.length : replaceWith({ task: 'vouchers.redeem', args: [next] }),
);

/** Nothing of it is sealed unless the caller marks it. */
const measure = defineTask(
  {
    name: 'vouchers.measure',
    retry: once,
    parameters: ['text'],
    input: z.strictObject({ text: z.string() }),
    output: z.int(),
  },
  ({ text }) => text.length,
);

export const sealedTasks = { redeem, signIn, measure } as const;
