/** Decodes the bytes of a file, and detects what its beginning tells about its encoding. */
import { isAscii } from 'node:buffer';
import { Transform } from 'node:stream';
import { PerennialError } from '../../../contracts/failures.ts';
import type { Encoding } from '../../../contracts/imports/encodings.ts';

/** What the beginning of a file tells about its encoding. */
export interface Sniffed {
  /** `undefined` when only the whole file tells whether it is UTF-8 or another encoding that includes ASCII. */
  readonly encoding: Encoding | undefined;
  /** Length of the byte order mark in bytes. */
  readonly mark: number;
}

const MARKS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
  ['gb18030', [0x84, 0x31, 0x95, 0x33]],
];

/** Detects a byte order mark, UTF-16 without one, or the escapes of ISO-2022-JP, at the beginning of a file. */
export function sniffEncoding(head: Buffer): Sniffed {
  for (const [encoding, mark] of MARKS) {
    if (mark.every((byte, at) => head[at] === byte)) return { encoding, mark: mark.length };
  }
  if (isAscii(head))
    return { encoding: ISO_2022_JP.test(head.toString('latin1')) ? 'iso-2022-jp' : wide(head), mark: 0 };
  return { encoding: wide(head), mark: 0 };
}

/** The escapes by which ISO-2022-JP changes to two bytes per character. */
const ISO_2022_JP = /\u001b\$[@B]/;

/** Returns UTF-16 when the head is valid text of lines in it; NUL bytes in the midst of lines are not enough. */
function wide(head: Buffer): Encoding | undefined {
  if (!head.includes(0)) return undefined;
  const even = head.subarray(0, head.length & ~1);
  return (['utf-16le', 'utf-16be'] as const).find((encoding) => isTextIn(even, encoding));
}

function isTextIn(bytes: Buffer, encoding: Encoding): boolean {
  const nul = encoding === 'utf-16le' ? [0, 1] : [1, 0];
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    if (/[\u0000-\u0008\u000e-\u001f\ufffe\uffff]/.test(text)) return false;
    // A text of ASCII has its NUL bytes on one side only, and any text has line ends or delimiters.
    return nulShare(bytes, nul[1] ?? 0) > 0.4 || (nulShare(bytes, nul[0] ?? 0) === 0 && /[\r\n]/.test(text));
  } catch {
    return false;
  }
}

function nulShare(head: Buffer, first: number): number {
  let nul = 0;
  let all = 0;
  for (let at = first; at < Math.min(head.length, 4096); at += 2) {
    all += 1;
    if (head[at] === 0) nul += 1;
  }
  return all === 0 ? 0 : nul / all;
}

/** Decodes a text piece by piece, as `TextDecoder` does. */
export interface StreamDecoder {
  decode(bytes?: Uint8Array, options?: { readonly stream?: boolean }): string;
}

/**
 * Creates a decoder for any encoding, also for those that the TextDecoder of Node.js 20 reads wrongly or not at all.
 * @param fatal - whether `decode` throws at invalid bytes
 */
export function textDecoderOf(encoding: Encoding, fatal: boolean): StreamDecoder {
  const upper = UPPER_HALVES[encoding];
  if (upper === undefined) return new TextDecoder(encoding, { fatal, ignoreBOM: true });
  return {
    decode: (bytes = new Uint8Array(0)) => oneByte(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), upper),
  };
}

/**
 * Creates a function that decodes whole lines of an encoding that {@link isReadDirectly}.
 */
export function decoderOf(encoding: Encoding): (bytes: Buffer) => string {
  const upper = UPPER_HALVES[encoding];
  return upper === undefined ? (bytes) => bytes.toString('utf8') : (bytes) => oneByte(bytes, upper);
}

/** Whether ranges read an encoding as it is; files in all others are rewritten as UTF-8 first. */
export function isReadDirectly(encoding: Encoding | undefined): boolean {
  return encoding === undefined || encoding === 'utf-8' || encoding === 'windows-1252' || encoding === 'latin1';
}

function oneByte(bytes: Buffer, upper: string): string {
  const text = bytes.toString('latin1');
  if (upper === '' || !UPPER.test(text)) return text;
  const first = 0x100 - upper.length;
  return text.replaceAll(UPPER_ALL, (code) => upper[code.charCodeAt(0) - first] ?? code);
}

const UPPER = /[\u0080-\u00ff]/;
const UPPER_ALL = /[\u0080-\u00ff]/g;

const latin = (from: number, to: number): string =>
  String.fromCharCode(...Array.from({ length: to - from }, (_, at) => from + at));

/**
 * Characters of the upper half of encodings with one byte per character (WHATWG Encoding, their indexes). The
 * TextDecoder of Node.js 20 decodes the bytes 0x80 to 0x9f of windows-1252 as control characters, and knows neither
 * iso-8859-16 nor x-user-defined.
 */
const UPPER_HALVES: Readonly<Partial<Record<Encoding, string>>> = {
  latin1: '',
  'windows-1252':
    '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
    '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178' +
    latin(0xa0, 0x100),
  'iso-8859-16':
    latin(0x80, 0xa0) +
    '\u00a0\u0104\u0105\u0141\u20ac\u201e\u0160\u00a7\u0161\u00a9\u0218\u00ab\u0179\u00ad\u017a\u017b' +
    '\u00b0\u00b1\u010c\u0142\u017d\u201d\u00b6\u00b7\u017e\u010d\u0219\u00bb\u0152\u0153\u0178\u017c' +
    '\u00c0\u00c1\u00c2\u0102\u00c4\u0106\u00c6\u00c7\u00c8\u00c9\u00ca\u00cb\u00cc\u00cd\u00ce\u00cf' +
    '\u0110\u0143\u00d2\u00d3\u00d4\u0150\u00d6\u015a\u0170\u00d9\u00da\u00db\u00dc\u0118\u021a\u00df' +
    '\u00e0\u00e1\u00e2\u0103\u00e4\u0107\u00e6\u00e7\u00e8\u00e9\u00ea\u00eb\u00ec\u00ed\u00ee\u00ef' +
    '\u0111\u0144\u00f2\u00f3\u00f4\u0151\u00f6\u015b\u0171\u00f9\u00fa\u00fb\u00fc\u0119\u021b\u00ff',
  'x-user-defined': latin(0xf780, 0xf800),
};

/**
 * Rewrites a stream of text as UTF-8 with `\n` line ends; used for encodings that ranges do not read and for files
 * whose lines end with `\r` alone.
 * @param mark - number of bytes to skip at the beginning
 * @throws PerennialError `ImportUnreadable` for bytes that are invalid in this encoding
 */
export function rewriteAsUtf8(encoding: Encoding, mark: number, returnsOnly: boolean): Transform {
  const decoder = textDecoderOf(encoding, true);
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
