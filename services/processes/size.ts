/** Estimates the size of a value before it is copied to another process or thread. */

/** Approximate bytes of a field, a number or a reference. */
const SLOT_BYTES = 8;

/**
 * Estimates the bytes of all texts, buffers and fields of plain data. Counting stops above `limit`, so that a huge
 * value costs little.
 */
export function sizeOf(value: unknown, limit: number): number {
  const open: unknown[] = [value];
  let bytes = 0;
  while (open.length > 0 && bytes <= limit) {
    const next = open.pop();
    bytes += SLOT_BYTES;
    if (typeof next === 'string') bytes += next.length;
    else if (typeof next !== 'object' || next === null) continue;
    else if (next instanceof ArrayBuffer || ArrayBuffer.isView(next)) bytes += next.byteLength;
    else for (const field of Object.values(next)) open.push(field);
  }
  return bytes;
}
