/** Reads events that the provider of payments has signed. */
import type { Request } from 'express';
import { z } from 'zod';
import { MAX_EVENT_BYTES, SIGNATURE_HEADER, SIGNATURE_TOLERANCE_S } from '../../contracts/billing/vocabulary.ts';
import { SECOND_MS } from '../../contracts/values/units.ts';
import { whenUsed } from '../../contracts/values/when-used.ts';
import type { ReceivedEvent } from '../../services/billing/port.ts';
import { WrongSignature } from '../http/auth.ts';
import { HttpError } from '../http/problem.ts';
import { readBytes } from '../http/raw-body.ts';

const library = whenUsed(() => import('stripe'));

const id = z.string().min(1).max(255);
const optionalId = id.nullish().catch(null);
const customer = z.union([id, z.object({ id }).transform((object) => object.id)]).nullish();

const eventSchema = z.object({
  id,
  type: z.string().min(1).max(255),
  // The newer kind of events tells the time as text.
  created: z.union([
    z.int().transform((seconds) => new Date(seconds * SECOND_MS)),
    z.iso.datetime().transform((time) => new Date(Math.floor(Date.parse(time) / SECOND_MS) * SECOND_MS)),
  ]),
  livemode: z.boolean().default(true),
  data: z
    .object({
      object: z
        .looseObject({ object: z.string().optional(), id: optionalId, customer: customer.catch(null) })
        .optional(),
    })
    .nullish(),
});

/**
 * Reads a signed event.
 *
 * @throws WrongSignature for one that the provider has not signed, or a recorded one; HttpError 400 for what is no event,
 *   413 for one that is too long
 */
export async function readSignedEvent(request: Request, secret: string | undefined): Promise<ReceivedEvent> {
  const bytes = await readBytes(request, MAX_EVENT_BYTES);
  const signature = request.get(SIGNATURE_HEADER) ?? '';
  if (!(await isSigned(bytes, signature, secret))) throw forbidden();
  const read = eventSchema.safeParse(parse(bytes));
  if (!read.success) throw new HttpError(400, 'Expected an event of the provider of payments, got something else.');
  return received(read.data);
}

function received({ data, created, ...event }: z.infer<typeof eventSchema>): ReceivedEvent {
  const object = data?.object;
  const objectId = object?.id ?? null;
  return {
    ...event,
    objectId,
    customerId: object?.object === 'customer' ? objectId : (object?.customer ?? null),
    happenedAt: created,
    content: Buffer.from(JSON.stringify(object ?? data ?? null)),
  };
}

async function isSigned(bytes: Buffer, signature: string, secret: string | undefined): Promise<boolean> {
  if (secret === undefined || signature === '') return false;
  const { default: Stripe } = await library();
  try {
    return Stripe.webhooks.signature?.verifyHeader(bytes, signature, secret, SIGNATURE_TOLERANCE_S) === true;
  } catch {
    return false; // the library throws what is wrong with the signature
  }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function forbidden(): WrongSignature {
  return new WrongSignature('Expected an event that the provider of payments has signed, less than five minutes ago.');
}
