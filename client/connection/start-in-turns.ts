/** Writes the arguments of a start in turns: the SDK would write them at once, and a large canvas takes it long. */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { encodingKeys, METADATA_ENCODING_KEY, RawValue } from '@temporalio/common';
import { writeJsonInTurns } from '../../contracts/values/json/writing.ts';
import { inTurns } from '../../payloads/turns.ts';

/** Gives the SDK the payloads that it would make itself. */
export const startInTurns: WorkflowClientInterceptor = {
  startWithDetails: async (input, next) => {
    const { args } = input.options;
    return next({ ...input, options: { ...input.options, args: await Promise.all(args.map(written)) } });
  },
};

async function written(value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof RawValue)
    return value;
  const data = await inTurns((isTurnOver) => writeJsonInTurns(value, isTurnOver));
  return RawValue.fromPayload({ metadata: { [METADATA_ENCODING_KEY]: encodingKeys.METADATA_ENCODING_JSON }, data });
}
