/**
 * HEIC pictures for the tests, written by `heif-enc` of libheif, and changes to their boxes. `colours` and `noted-turn` are
 * 64 x 40 pixels: red, green, blue and white in the corners; `two-pictures` has a black one beside them.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Reads a picture of this folder. */
export function heic(name: 'colours' | 'noted-turn' | 'two-pictures' | 'transparent' | 'page'): Promise<Buffer> {
  return readFile(path.join(import.meta.dirname, `${name}.heic`));
}

/** Place of a box, by the names of those that hold it. */
function placeOf(file: Buffer, [name = '', ...inner]: readonly string[], from = 0): number {
  for (let at = from; at < file.length; at += file.readUInt32BE(at)) {
    if (file.toString('latin1', at + 4, at + 8) !== name) continue;
    return inner.length === 0 ? at : placeOf(file, inner, at + (name === 'meta' ? 12 : 8));
  }
  throw new Error(`expected a box ${name}, found none`);
}

/** Inserts bytes, and lengthens the boxes around them. */
function inserted(file: Buffer, at: number, bytes: Buffer, around: readonly (readonly string[])[]): Buffer {
  const longer = Buffer.concat([file.subarray(0, at), bytes, file.subarray(at)]);
  for (const place of around.map((names) => placeOf(file, names)))
    longer.writeUInt32BE(file.readUInt32BE(place) + bytes.length, place);
  // What stands behind is found at another place.
  const places = placeOf(file, ['meta', 'iloc']);
  const hasMethod = file.readUInt8(places + 8) > 0;
  const each = hasMethod ? 20 : 18;
  for (let item = places + 16; item < places + file.readUInt32BE(places); item += each)
    if (!hasMethod || file.readUInt16BE(item + 2) === 0)
      longer.writeUInt32BE(longer.readUInt32BE(item + each - 14) + bytes.length, item + each - 14);
  return longer;
}

/** Gives the primary picture another property, such as `irot` with the quarter turns against the clock. */
export function withProperty(file: Buffer, name: 'irot' | 'imir', value: number): Buffer {
  const shared = placeOf(file, ['meta', 'iprp', 'ipco']);
  const end = shared + file.readUInt32BE(shared);
  let number = 1;
  for (let at = shared + 8; at < end; at += file.readUInt32BE(at)) number += 1;
  const property = Buffer.concat([Buffer.from([0, 0, 0, 9]), Buffer.from(name), Buffer.from([value])]);
  const outer = [['meta'], ['meta', 'iprp']];
  const longer = inserted(file, end, property, [...outer, ['meta', 'iprp', 'ipco']]);
  const uses = placeOf(longer, ['meta', 'iprp', 'ipma']);
  const primary = longer.readUInt16BE(placeOf(longer, ['meta', 'pitm']) + 12);
  let use = uses + 16;
  while (longer.readUInt16BE(use) !== primary) use += 3 + longer.readUInt8(use + 2);
  const count = longer.readUInt8(use + 2);
  longer.writeUInt8(count + 1, use + 2);
  return inserted(longer, use + 3 + count, Buffer.from([0x80 | number]), [...outer, ['meta', 'iprp', 'ipma']]);
}

/** Declares another size for every picture of a file. */
export function withSize(file: Buffer, width: number, height: number): Buffer {
  const other = Buffer.from(file);
  for (let at = other.indexOf('ispe'); at >= 0; at = other.indexOf('ispe', at + 4)) {
    other.writeUInt32BE(width, at + 8);
    other.writeUInt32BE(height, at + 12);
  }
  return other;
}

/** Makes another picture the primary one. */
export function withPrimary(file: Buffer, id: number): Buffer {
  const other = Buffer.from(file);
  other.writeUInt16BE(id, placeOf(other, ['meta', 'pitm']) + 12);
  return other;
}

/** Replaces the brands of a file. */
export function withBrands(file: Buffer, [first, ...others]: readonly [string, ...string[]]): Buffer {
  const brands = Buffer.from([first, '\0\0\0\0', ...others].join(''), 'latin1');
  const start = Buffer.alloc(8);
  start.writeUInt32BE(8 + brands.length);
  start.write('ftyp', 4);
  const grown = 8 + brands.length - file.readUInt32BE(0);
  if (grown !== 0) throw new Error(`expected brands of the same length, got ${String(grown)} bytes more`);
  return Buffer.concat([start, brands, file.subarray(8 + brands.length)]);
}
