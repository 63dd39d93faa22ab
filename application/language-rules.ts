/** What tasks in another language may be: their workers have the contract as JSON Schema, and no code of ours. */
import { z } from 'zod';
import { languageName } from '../contracts/queues/languages.ts';
import type { AnyDefinedTask } from '../define/task.ts';
import type { Rule } from './rule.ts';

/** What a row may not have when its body is in another language. */
const NEEDS_OUR_WORKER = [
  'batchable',
  'composes',
  'breaker',
  'residency',
  'route',
] as const satisfies readonly (keyof AnyDefinedTask)[];

/** Types of zod that change a value: what another language checks does not change it. */
const CHANGING: ReadonlySet<string> = new Set(['catch', 'default', 'prefault', 'transform']);

const queueFits: Rule = ({ language }, row) =>
  row === undefined || row.language === language
    ? undefined
    : {
        expected: `a queue that workers in ${languageName(language)} serve`,
        got: `'${row.queue}', which those in ${languageName(row.language)} serve`,
        remedy: "A queue of the configuration says who serves it: `language: 'python'`, or nothing for TypeScript.",
      };

const needsNothingOfOurs: Rule = (task) => {
  const found = task.language === undefined ? [] : NEEDS_OUR_WORKER.filter((key) => task[key] !== undefined);
  return found.length === 0
    ? undefined
    : {
        expected: `a task in ${languageName(task.language)} without ${NEEDS_OUR_WORKER.join(', ')}`,
        got: found.join(', '),
        remedy: 'Leave it out, or write the body in TypeScript.',
      };
};

const changesNothing: Rule = ({ language, schemas: { input, output } }) => {
  if (language === undefined) return undefined;
  const changing = new Set([...changingTypes(input, 'input'), ...changingTypes(output, 'output')]);
  return changing.size === 0
    ? undefined
    : {
        expected: `schemas that change nothing, because a worker in ${languageName(language)} checks alone`,
        got: [...changing].join(', '),
        remedy: 'Give optional fields their defaults in the body.',
      };
};

/** The rules about the language of a task. */
export const LANGUAGE_RULES: readonly Rule[] = [queueFits, needsNothingOfOurs, changesNothing];

function changingTypes(schema: z.ZodType, io: 'input' | 'output'): ReadonlySet<string> {
  const found = new Set<string>();
  z.toJSONSchema(schema, {
    unrepresentable: 'any',
    io,
    override: ({ zodSchema }) => {
      const { type } = zodSchema._zod.def;
      if (CHANGING.has(type)) found.add(type);
    },
  });
  return found;
}
