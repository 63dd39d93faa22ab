import { runCanvas as run } from '../../canvas/engine/engine.ts';
import type { Compensated } from '../../canvas/engine/compensation.ts';
import { type CanvasFailure, EXPIRED, REVOKED } from '../../canvas/model/outcome.ts';
import { parseCall, parseSignature } from '../../canvas/signature/parse.ts';
import { isSignature } from '../../canvas/signature/signature.ts';
import { isFailureType, PerennialError } from '../../contracts/failures.ts';
import { createCatalogueRuntime } from './catalogue-runtime.ts';
import { watchRun } from './watching.ts';
import type { RunCanvasInput } from './run-input.ts';

/**
 * Runs a composition of tasks of the catalogue, and ends with its result. Links,
 * error callbacks and canvases that tasks send are runs of their own, which go on.
 *
 * @returns the result of the last call, or the list of a group
 * @throws ApplicationFailure of the registry: what the failed call failed with
 */
export async function runCanvas(input: RunCanvasInput): Promise<unknown> {
  const { canvas, tenant, priorityScale, packed, weight, retryOf, known, pipelines, parkMs, ...rest } = input;
  const { revoked: _none, ...call } = rest;
  const watched = watchRun(isSignature(canvas) ? canvas.task : 'canvas', { retryOf, known });
  try {
    // Started by name, by whatever client: checked again, and for times that have passed meanwhile leniently.
    const signature = parseSignature(canvas, { timing: 'lenient' });
    const given = parseCall(signature, call, { timing: 'lenient' });
    const runtime = createCatalogueRuntime(
      { tenant, priorityScale, packed, weight, known, pipelines, parkMs },
      watched,
    );
    const { outcome, compensated } = await run(runtime, signature, given);
    if (!outcome.ok) throw toError(outcome.failure, compensated);
    return outcome.value;
  } finally {
    watched.finish();
  }
}

/** Celery's name for a call that came too late is the registry's `TaskExpired`. */
function toError(
  { type, message, task, path }: CanvasFailure,
  compensated: readonly Compensated[] | undefined,
): PerennialError {
  const place = (path === undefined ? '' : ` (${task ?? 'a call'} at ${path})`) + undone(compensated);
  const own = type === EXPIRED.type ? (message === REVOKED.message ? 'TaskRevoked' : 'TaskExpired') : type;
  if (isFailureType(own)) return new PerennialError(own, `${message}${place}`);
  return new PerennialError('Unexpected', `${type}: ${message}${place}`);
}

/** What was undone, and what could not be and needs a person. */
function undone(compensated: readonly Compensated[] = []): string {
  if (compensated.length === 0) return '';
  const failed = compensated.flatMap(({ path, task, failure }) =>
    failure === undefined ? [] : [`${task} at ${path}: ${failure.type}: ${failure.message}`],
  );
  const count = `; ${compensated.length - failed.length} of ${compensated.length} calls undone`;
  return failed.length === 0 ? count : `${count}, not undone: ${failed.join('; ')}`;
}
