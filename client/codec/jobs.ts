/** Payloads as the server has them, in plain text and back. */
import type { Payload } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import type { ClientContext } from '../domain.ts';
import type { CodecJobs, JsonPayload } from './types.ts';

/** Binds the codecs of a connection. */
export function createCodecJobs({ rpc }: Pick<ClientContext, 'rpc'>): CodecJobs {
  const { payloadCodecs } = rpc.client.options.loadedDataConverter;
  return {
    decode: async (payloads) => (await decode(payloadCodecs, payloads.map(fromJson))).map(toJson),
    encode: async (payloads) => (await encode(payloadCodecs, payloads.map(fromJson))).map(toJson),
  };
}

function fromJson({ metadata = {}, data = '' }: JsonPayload): Payload {
  return {
    metadata: mapped(metadata, (text) => Buffer.from(text, 'base64')),
    data: Buffer.from(data, 'base64'),
  };
}

function toJson({ metadata, data }: Payload): JsonPayload {
  return {
    metadata: mapped(metadata ?? {}, (bytes) => Buffer.from(bytes).toString('base64')),
    data: Buffer.from(data ?? []).toString('base64'),
  };
}

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
