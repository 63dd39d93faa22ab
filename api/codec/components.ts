/** Names and examples of the shapes of payloads in the OpenAPI document. */
import { component, type Components } from '../http/components.ts';
import { payloadSchema, payloadsSchema } from './schemas.ts';

const payload = { metadata: { encoding: 'anNvbi9wbGFpbg==' }, data: 'eyJ0byI6ImFkYSJ9' };

export const codecComponents: Components = {
  Payload: component(payloadSchema, payload),
  Payloads: component(payloadsSchema, { payloads: [payload] }),
};
