/** Sorts the lines of a text by whether they are UTF-8, and decides from them how the text is encoded. */
import { isAscii, isUtf8 } from 'node:buffer';
import { type Detection, detectEncoding, isLikelierUtf8 } from './detection.ts';

/** Bytes of a sample. */
const SAMPLE_BYTES = 64 * 1024;

/** Blocks that are UTF-8 are not cut into lines after so many lines: a text of another encoding has few by accident. */
const ENOUGH_UTF8 = 50;

/** Counts the lines that are UTF-8 and those that are not, and keeps the first of either. */
export class LineEncodings {
  readonly #utf8 = new Sample();
  readonly #other = new Sample();
  #invalid = false;

  /** Examines whole lines. */
  look(bytes: Buffer): void {
    if (isAscii(bytes)) return;
    const allValid = isUtf8(bytes);
    if (allValid && this.#utf8.lines >= ENOUGH_UTF8) {
      this.#utf8.lines += 1;
      return;
    }
    const lineEnd = bytes.includes(0x0a) ? 0x0a : 0x0d;
    for (let at = 0; at < bytes.length;) {
      const found = bytes.indexOf(lineEnd, at);
      const end = found < 0 ? bytes.length : found + 1;
      this.#lookAtLine(bytes.subarray(at, end));
      at = end;
    }
  }

  #lookAtLine(line: Buffer): void {
    if (isAscii(line)) return;
    const isValid = isUtf8(line);
    if (!isValid) this.#invalid = true;
    (isValid || isMostlyUtf8(line) ? this.#utf8 : this.#other).add(line);
  }

  /** Whether some lines are not valid UTF-8. */
  get hasInvalid(): boolean {
    return this.#invalid;
  }

  /** Returns the encoding that the lines show; `undefined` for UTF-8, of which single lines may be invalid. */
  verdict(): Detection | undefined {
    if (!this.#invalid) return undefined;
    const detection = detectEncoding((this.#other.lines > 0 ? this.#other : this.#utf8).bytes);
    if (this.#utf8.lines === 0) return detection;
    const [best] = detection.candidates;
    if (!isLikelierUtf8(this.#utf8.bytes, best)) return detection;
    if (this.#other.lines <= this.#utf8.lines) return undefined;
    // A mixture, most lines of which are no UTF-8: either reading would lose some of them.
    return { encoding: undefined, candidates: best === undefined ? [] : [best, 'utf-8'] };
  }
}

class Sample {
  readonly #lines: Buffer[] = [];
  #size = 0;
  lines = 0;

  add(line: Buffer): void {
    this.lines += 1;
    if (this.#size >= SAMPLE_BYTES) return;
    this.#size += line.length;
    this.#lines.push(Buffer.from(line));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#lines);
  }
}

/** Whether a line has at least as many characters of several bytes that are valid UTF-8 as broken ones. */
function isMostlyUtf8(line: Buffer): boolean {
  const beyond = line.toString('utf8').match(/[^\u0000-\u007f]/gu) ?? [];
  const broken = beyond.filter((character) => character === '\ufffd').length;
  return beyond.length - broken >= broken;
}

/**
 * Decides from the beginning of a text how it is encoded; `undefined` when it may be UTF-8.
 * @param whole - whether the bytes are the whole text; otherwise the last line may end within a character
 */
export function encodingOfLines(bytes: Buffer, whole: boolean): Detection | undefined {
  if (isUtf8(bytes)) return undefined;
  const lineEnd = bytes.includes(0x0a) ? 0x0a : 0x0d;
  const lines = new LineEncodings();
  lines.look(whole ? bytes : bytes.subarray(0, bytes.lastIndexOf(lineEnd) + 1));
  return lines.verdict();
}
