/** Detects the encoding of a file and decodes its bytes. */
import { Transform } from 'node:stream';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Encoding } from '../../../contracts/imports/vocabulary.ts';

/** What the beginning of a file tells about its encoding. */
export interface Sniffed {
  /** `undefined` when only the whole file tells whether it is UTF-8 or one byte per character. */
  readonly encoding: Encoding | undefined;
  /** Length of the byte order mark in bytes. */
  readonly mark: number;
}

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Detects a byte order mark, or the NUL bytes of UTF-16, at the beginning of a file. */
export function sniffEncoding(head: Uint8Array): Sniffed {
  for (const [encoding, mark] of MARKS) {
    if (mark.every((byte, at) => head[at] === byte)) return { encoding, mark: mark.length };
  }
  const [even, odd] = [nulShare(head, 0), nulShare(head, 1)];
  if (odd > 0.4 && even < 0.1) return { encoding: 'utf-16le', mark: 0 };
  if (even > 0.4 && odd < 0.1) return { encoding: 'utf-16be', mark: 0 };
  return { encoding: undefined, mark: 0 };
}

function nulShare(head: Uint8Array, first: number): number {
  let nul = 0;
  let all = 0;
  for (let at = first; at < Math.min(head.length, 4096); at += 2) {
    all += 1;
    if (head[at] === 0) nul += 1;
  }
  return all === 0 ? 0 : nul / all;
}

/**
 * Creates a function that decodes whole lines. UTF-16 is not supported here, because it is rewritten to UTF-8 first.
 */
export function decoderOf(encoding: Encoding): (bytes: Buffer) => string {
  if (encoding === 'utf-8') return (bytes) => bytes.toString('utf8');
  if (encoding === 'latin1') return (bytes) => bytes.toString('latin1');
  return (bytes) => {
    const text = bytes.toString('latin1');
    return CONTROLS.test(text)
      ? text.replaceAll(CONTROLS_ALL, (code) => WINDOWS_1252[code.charCodeAt(0) - 0x80] ?? code)
      : text;
  };
}

const CONTROLS = /[\u0080-\u009f]/;
const CONTROLS_ALL = /[\u0080-\u009f]/g;

/**
 * Bytes 0x80 to 0x9f of Windows-1252 (WHATWG Encoding, index windows-1252). The TextDecoder of Node 20 decodes them as
 * Latin-1 control characters.
 */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/**
 * Rewrites a stream of text as UTF-8 with `\n` line ends; used for UTF-16 and for files whose lines end with `\r`
 * alone.
 * @param mark - number of bytes to skip at the beginning
 * @throws PerennialError `ImportUnreadable` for bytes that are invalid in this encoding
 */
export function rewriteAsUtf8(encoding: Encoding, mark: number, returnsOnly: boolean): Transform {
  const decoder = new TextDecoder(encoding, { fatal: encoding.startsWith('utf-16'), ignoreBOM: true });
  let skip = mark;
  const rewrite = (bytes?: Buffer): Buffer => {
    const text = decoder.decode(bytes, { stream: bytes !== undefined });
    return Buffer.from(returnsOnly ? text.replaceAll('\r', '\n') : text, 'utf8');
  };
  const guarded = (done: (error: Error | null, bytes?: Buffer) => void, bytes?: Buffer): void => {
    let rewritten: Buffer;
    try {
      rewritten = rewrite(bytes);
    } catch (error) {
      const message = `Expected text in ${encoding}, got invalid bytes. Set the encoding of the file.`;
      done(new PerennialError('ImportUnreadable', message, { cause: error }));
      return;
    }
    done(null, rewritten);
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = chunk.subarray(skip);
      skip -= chunk.length - bytes.length;
      guarded(done, bytes);
    },
    flush(done) {
      guarded(done);
    },
  });
}
