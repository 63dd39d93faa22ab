/** Failed calls of a canvas that wait for a person: each keeps its place, and what comes behind it waits with it. */
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import { REVOKED } from '../../canvas/model/outcome.ts';
import type { CallReply, CallRequest } from '../../canvas/model/request.ts';
import { argumentsFor } from '../../canvas/signature/task-input.ts';
import type { ParkedDecision } from '../../contracts/parked/vocabulary.ts';
import { createParkingPlace, mayPark, type ParkingPlace } from '../parked/place.ts';

type MakeCall = CanvasRuntime['call'];

/** Undoing goes on while a run is being stopped, so it must not wait for anybody. */
const UNDOING = '/compensate';

/**
 * Makes the wrapper of everything that calls something. It registers messages, so it is made before the first await.
 *
 * @param parkMs - how long a call waits, in milliseconds; without it none does
 * @param isRevoked - says whether a path was revoked: such a call waits no longer
 */
export function parkFailures(
  parkMs: number | undefined,
  isRevoked: (path: string) => boolean,
): (make: MakeCall) => MakeCall {
  if (parkMs === undefined) return (make) => make;
  const place = createParkingPlace(parkMs);
  return (make) => (request) => callUntilSettled(place, make, request, () => isRevoked(request.path));
}

async function callUntilSettled(
  place: ParkingPlace,
  make: MakeCall,
  first: CallRequest,
  isOver: () => boolean,
): Promise<CallReply> {
  for (let request = first; ;) {
    const reply = await make(request);
    if (reply.kind !== 'failed' || !mayPark(reply.failure.type) || request.path.includes(UNDOING)) return reply;
    const { path, task } = request;
    const decision = await place.park({ path, task, failure: reply.failure }, isOver);
    if (decision === undefined) return isOver() ? { kind: 'failed', failure: REVOKED } : reply;
    if (decision.action === 'abort') return reply;
    if (decision.action === 'skip') return { kind: 'done', value: decision.value ?? null };
    request = requestAgain(request, decision);
  }
}

/** Whoever asks for another attempt wants it now, whatever the time until which the first had to begin. */
function requestAgain(request: CallRequest, { input }: ParkedDecision): CallRequest {
  return { ...request, ...(input === undefined ? {} : argumentsFor(input)), expiresAt: null };
}
