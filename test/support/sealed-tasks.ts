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

/** What it gives is a secret without a name. */
const issue = defineTask(
  {
    name: 'vouchers.issue',
    sealInput: true,
    sealOutput: true,
    batchable: true,
    retry: { ...once, attempts: 3 },
    input: z.string(),
    output: z.string(),
  },
  (voucher) => voucher,
);

/** It gives several secrets. */
const issueTwo = defineTask(
  {
    name: 'vouchers.issueTwo',
    sealInput: true,
    sealOutput: true,
    retry: once,
    input: z.string(),
    output: z.array(z.string()),
  },
  (voucher) => [voucher, voucher],
);

/** Takes what a header gave. */
const count = defineTask(
  { name: 'vouchers.count', retry: once, input: z.array(z.string()), output: z.int() },
  (vouchers) => vouchers.length,
);

export const sealedTasks = { redeem, signIn, measure, issue, issueTwo, count } as const;
