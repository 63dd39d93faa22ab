/** The routes of Temporal's remote codec: the Web UI and the `temporal` command show and write plain text through them. */
import type { CodecJobs, JsonPayload } from '../../client/index.ts';
import { INPUT_BOUNDS } from '../../contracts/values/json/text.ts';
import { BYTES_PER_MB } from '../../contracts/values/units.ts';
import type { ApiDomain } from '../domain.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { codecComponents } from './components.ts';
import { payloadsSchema } from './schemas.ts';

/** A page of a history may have many payloads of 2 MB. */
const BOUNDS = { ...INPUT_BOUNDS, bytes: 100 * BYTES_PER_MB };

function codecRoute(
  name: keyof CodecJobs,
  summary: string,
  change: (codec: CodecJobs, payloads: readonly JsonPayload[]) => Promise<readonly JsonPayload[]>,
): Route {
  return defineRoute({
    name: `${name}Payloads`,
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
  components: codecComponents,
  routes: [
    codecRoute('decode', 'Plain text of sealed and encrypted payloads', (jobs, payloads) => jobs.decode(payloads)),
    codecRoute('encode', 'Payloads as a start would send them', (jobs, payloads) => jobs.encode(payloads)),
  ],
};
