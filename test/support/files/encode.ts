/** Encodes text, by turning round what the decoders read. */
import type { Encoding } from '../../../contracts/imports/encodings.ts';
import { textDecoderOf } from '../../../services/imports/reading/encoding.ts';

const maps = new Map<Encoding, ReadonlyMap<string, readonly number[]>>();

/** Encodes a text in an encoding with one or two bytes per character, in ISO-2022-JP, or in UTF-16. */
export function encode(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  if (encoding === 'iso-2022-jp') return escaped(text);
  const map = mapOf(encoding);
  return Buffer.from(Array.from(text).flatMap((character) => bytesOf(character, map, encoding)));
}

function bytesOf(
  character: string,
  map: ReadonlyMap<string, readonly number[]>,
  encoding: Encoding,
): readonly number[] {
  const code = character.charCodeAt(0);
  if (code < 0x80) return [code];
  const bytes = map.get(character);
  if (bytes === undefined) throw new TypeError(`expected a character of ${encoding}, got ${character}`);
  return bytes;
}

/** Each run of two-byte characters stands between escapes; its bytes are those of EUC-JP without their highest bit. */
function escaped(text: string): Buffer {
  const runs = text.match(/[\u0000-\u007f]+|[^\u0000-\u007f]+/g) ?? [];
  return Buffer.concat(
    runs.map((run) => {
      if (run.charCodeAt(0) < 0x80) return Buffer.from(run);
      const low = encode(run, 'euc-jp').map((byte) => byte & 0x7f);
      return Buffer.concat([Buffer.from('\u001b$B'), low, Buffer.from('\u001b(B')]);
    }),
  );
}

function mapOf(encoding: Encoding): ReadonlyMap<string, readonly number[]> {
  const known = maps.get(encoding);
  if (known !== undefined) return known;
  const map = new Map<string, readonly number[]>();
  const add = (bytes: readonly number[]): void => {
    const text = decoded(bytes, encoding);
    if (text !== undefined && Array.from(text).length === 1 && !map.has(text)) map.set(text, bytes);
  };
  for (let lead = 0x80; lead <= 0xff; lead += 1) add([lead]);
  if (TWO_BYTES.has(encoding))
    for (let lead = 0x81; lead <= 0xfe; lead += 1) for (let trail = 0x40; trail <= 0xfe; trail += 1) add([lead, trail]);
  maps.set(encoding, map);
  return map;
}

const TWO_BYTES: ReadonlySet<Encoding> = new Set(['gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr']);

function decoded(bytes: readonly number[], encoding: Encoding): string | undefined {
  try {
    return textDecoderOf(encoding, true).decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}
