/**
 * How anything large travels: by reference. Payloads and histories hold this
 * small record, the bytes stay in the blob store that `store` names.
 */
export interface BlobRef {
  /** Which store holds it: `file` or `s3`. */
  readonly store: 'file' | 's3';
  /** The path inside the store; never absolute, never with `..`. */
  readonly key: string;
  /** Size in bytes. */
  readonly size: number;
  /** SHA-256 of the content in lower-case hex. */
  readonly sha256: string;
}
