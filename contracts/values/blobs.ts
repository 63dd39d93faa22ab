/**
 * Reference to a blob. Payloads and histories hold this small record; the bytes are in the blob store that `store` names.
 */
export interface BlobRef {
  /** Kind of the store. */
  readonly store: 'file' | 's3';
  /** Path inside the store; it is relative and contains no `..`. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** SHA-256 of the content in lower-case hex. */
  readonly sha256: string;
}
