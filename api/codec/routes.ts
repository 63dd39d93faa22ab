/** The routes of Temporal's remote codec: the Web UI and the `temporal` command show and write plain text through them. */
import { z } from 'zod';
import type { CodecJobs, JsonPayload } from '../../client/index.ts';
import { INPUT_BOUNDS } from '../../contracts/values/json/text.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { ApiDomain } from '../domain.ts';
import { defineRoute, type Route } from '../http/route.ts';

const payloadsSchema = z.object({
  payloads: z
    .array(
      z.object({
        metadata: z.record(z.string(), z.base64()).optional(),
        data: z.base64().optional(),
      }),
    )
    .max(10_000),
});

/** A page of a history may have many payloads of 2 MB. */
const BOUNDS = { ...INPUT_BOUNDS, bytes: 100 * BYTES_PER_MB };

function codecRoute(
  name: keyof CodecJobs,
  summary: string,
  change: (codec: CodecJobs, payloads: readonly JsonPayload[]) => Promise<readonly JsonPayload[]>,
): Route {
  return defineRoute({
    method: 'post',
    path: `/v1/codec/${name}`,
    summary,
    changesNothing: true,
    bounds: BOUNDS,
    body: payloadsSchema,
    answers: { 200: { description: 'The payloads, in their order', schema: payloadsSchema } },
    async handle({ services, body, response }) {
      response.json({ payloads: await change(services.client.codec, body.payloads) });
    },
  });
}

/** The routes of the codec. */
export const codec: ApiDomain = {
  tag: 'codec',
  routes: [
    codecRoute('decode', 'Plain text of sealed and encrypted payloads', (jobs, payloads) => jobs.decode(payloads)),
    codecRoute('encode', 'Payloads as a start would send them', (jobs, payloads) => jobs.encode(payloads)),
  ],
};
