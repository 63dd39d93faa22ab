import { classify } from './foreign/classify.ts';
import { TemporaryError } from './task-errors.ts';

/** The part of a body's context that is needed. */
interface DegradeContext {
  readonly signal: AbortSignal;
  readonly log: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** What a degraded body returns: the result, and which of both services gave it. */
export interface Degraded<Primary, Fallback = Primary> {
  readonly source: 'primary' | 'fallback';
  readonly result: Primary | Fallback;
}

/**
 * Tries a service, and another one when the first fails, whatever it fails with. With the retry policy `retries.degradation`
 * the task is tried again when both fail, and then fails for good.
 *
 * The last argument is the context of the body: a task that is told to stop does not try the fallback, and the log says when
 * it was tried.
 *
 * @throws TemporaryError both have failed; it has both messages
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { defineTask, degrade, retries } from './define/index.ts';
 *
 * const rate = async (host: string): Promise<number> => Number(await (await fetch(`https://${host}/eur`)).text());
 *
 * export const euroRate = defineTask(
 *   {
 *     name: 'rates.euro',
 *     input: z.null(),
 *     output: z.object({ source: z.enum(['primary', 'fallback']), result: z.number() }),
 *     retry: retries.degradation,
 *   },
 *   (_input, context) =>
 *     degrade(
 *       () => rate('rates.example'),
 *       () => rate('other.example'),
 *       context,
 *     ),
 * );
 * ```
 */
export async function degrade<Primary, Fallback = Primary>(
  primary: () => Primary | Promise<Primary>,
  fallback: () => Fallback | Promise<Fallback>,
  { signal, log }: DegradeContext,
): Promise<Degraded<Primary, Fallback>> {
  try {
    return { source: 'primary', result: await primary() };
  } catch (first) {
    signal.throwIfAborted();
    const failed = classify(first, Date.now());
    log.warn('the primary service failed; the fallback is tried', { type: failed.type });
    try {
      return { source: 'fallback', result: await fallback() };
    } catch (second) {
      signal.throwIfAborted();
      const { message } = classify(second, Date.now());
      throw new TemporaryError(`Both primary and fallback failed: ${failed.message}; ${message}`, { cause: second });
    }
  }
}
