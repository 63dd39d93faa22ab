/** What a caller can do with payloads as the server has them. */

/**
 * A payload in the JSON of Temporal's remote codecs: metadata and data in base64.
 *
 * @example
 * ```ts
 * import type { JsonPayload } from './client/index.ts';
 *
 * const text = (value: string): string => Buffer.from(value).toString('base64');
 * const payload: JsonPayload = { metadata: { encoding: text('json/plain') }, data: text('{"a":1}') };
 * console.log(await perennial.codec.encode([payload]));
 * ```
 */
export interface JsonPayload {
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly data?: string | undefined;
}

/**
 * Plain text of payloads, for tools that read them from the server, and back.
 *
 * @example
 * ```ts
 * import type { CodecJobs, JsonPayload } from './client/index.ts';
 *
 * const show = async (codec: CodecJobs, found: readonly JsonPayload[]): Promise<string[]> =>
 *   (await codec.decode(found)).map(({ data = '' }) => Buffer.from(data, 'base64').toString());
 * ```
 */
export interface CodecJobs {
  /** Opens sealed values and encrypted payloads. @throws PerennialError `SealedValueUnreadable` */
  decode(payloads: readonly JsonPayload[]): Promise<readonly JsonPayload[]>;
  /** Seals and encrypts as a start would. @throws PerennialError `SealKeyMissing` */
  encode(payloads: readonly JsonPayload[]): Promise<readonly JsonPayload[]>;
}
