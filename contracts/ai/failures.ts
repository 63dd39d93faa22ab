/** Failures of AI. What errors of the provider's client mean is told apart in `failures/foreign/openai.ts`. */
import type { FailureRule } from '../failures/rule.ts';

export const aiFailures = {
  AiNotConfigured: {
    class: 'configuration',
    cause: 'There is no provider of models to ask.',
    remedy: 'Set AI_API_KEY, or start the local stack, which has a provider of its own.',
  },
  AiPriceMissing: {
    class: 'configuration',
    cause: 'A tenant has a budget, and nobody has said what a model costs.',
    remedy: 'Add the model to AI_PRICES; 0/0 is the price of one that costs nothing.',
  },
  AiBudgetUsedUp: {
    class: 'configuration',
    httpStatus: 402,
    cause: 'A call could cost more than is left of the budget of its tenant in this month.',
    remedy: 'Raise the budget and redrive, or wait for the next month; nothing was asked and nothing is owed.',
  },
  AiSchemaInvalid: {
    class: 'permanent',
    httpStatus: 400,
    cause: 'The JSON schema that an answer shall have is none, or cannot be checked in time.',
    remedy: 'Correct the schema; it is of the draft 2020-12, and refers to nothing outside of itself.',
  },
  AiAnswerNotJson: {
    class: 'permanent',
    httpStatus: 502,
    cause: 'A model was asked for JSON and answered with something else.',
    remedy: 'Say in the prompt what is wanted, or choose a model that keeps to schemas.',
  },
  AiAnswerMismatch: {
    class: 'permanent',
    httpStatus: 502,
    cause: 'The JSON that a model answered with breaks the schema.',
    remedy: 'Say in the prompt what is wanted, or choose a model that keeps to schemas.',
  },
  AiAnswerCut: {
    class: 'permanent',
    httpStatus: 502,
    cause: 'A model was asked for JSON, and its answer ended at the most tokens.',
    remedy: 'Raise `maxTokens`, or ask for less.',
  },
  AiContentRefused: {
    class: 'permanent',
    httpStatus: 422,
    cause: 'A model refused to answer, or its provider took the answer back.',
    remedy: 'Change the prompt.',
  },
  AiAnswerTooLong: {
    class: 'permanent',
    httpStatus: 502,
    cause: 'An answer is longer than what can be kept.',
    remedy: 'Lower `maxTokens`.',
  },
} as const satisfies Readonly<Record<string, FailureRule>>;
