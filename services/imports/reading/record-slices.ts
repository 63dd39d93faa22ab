/** Finds whole records in blocks of bytes, and hands them out in small pieces. */
import { ByteRoom } from './byte-room.ts';
import { RecordScanner } from './csv.ts';

const SLICE_RECORDS = 1_000;
const SLICE_BYTES = 128 * 1024;

/** Keeps the bytes behind the last whole record for the next block. */
export class RecordSlices {
  readonly #delimiter: string;
  readonly #records: number;
  /** Bytes left over from before, followed by the new ones. */
  readonly #input = new ByteRoom();
  #tail: Buffer = Buffer.alloc(0);

  /** @param records - most records of one piece; never more than 1,000 */
  constructor(delimiter: string, records: number = SLICE_RECORDS) {
    this.#delimiter = delimiter;
    this.#records = Math.min(records, SLICE_RECORDS);
  }

  /**
   * Returns the whole records of the bytes so far; valid until the next call.
   * @param last - true when no bytes follow, so that their end is the end of a record
   */
  whole(bytes: Buffer, last: boolean): Buffer {
    const all = this.#withTail(bytes);
    const end = last ? all.length : lastRecordEnd(all, this.#delimiter);
    // The rest is copied because a view would keep the whole block in memory.
    this.#tail = Buffer.from(all.subarray(end));
    return all.subarray(0, end);
  }

  /**
   * Cuts whole records into pieces that are small in bytes and in records, so that their garbage is collected while it is
   * young.
   */
  *pieces(records: Buffer): Generator<Buffer> {
    const scanner = new RecordScanner(records, this.#delimiter);
    let start = 0;
    let count = 0;
    for (let at = 0; at < records.length;) {
      at = scanner.endOf(at, true);
      count += 1;
      if (count < this.#records && at - start < SLICE_BYTES && at < records.length) continue;
      yield records.subarray(start, at);
      start = at;
      count = 0;
    }
  }

  #withTail(bytes: Buffer): Buffer {
    if (this.#tail.length === 0) return bytes;
    this.#input.clear();
    this.#input.append(this.#tail);
    this.#input.append(bytes);
    return this.#input.bytes;
  }
}

/** Returns the position after the last record that certainly ends in these bytes. */
function lastRecordEnd(bytes: Buffer, delimiter: string): number {
  if (!bytes.includes(0x22)) return bytes.lastIndexOf(0x0a) + 1;
  const scanner = new RecordScanner(bytes, delimiter);
  let end = 0;
  for (let at = scanner.endOf(0, false); at >= 0; at = scanner.endOf(at, false)) {
    end = at;
    if (at >= bytes.length) break;
  }
  return end;
}
