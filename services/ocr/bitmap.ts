/**
 * Decodes uncompressed BMP to gray, because sharp's library is built without BMP and older scanners write nothing else.
 */
import { PerennialError } from '../../contracts/failures.ts';
import type { GrayPage } from './gray.ts';

interface Header {
  readonly pixelsAt: number;
  readonly width: number;
  readonly height: number;
  readonly fromTop: boolean;
  readonly bits: number;
  readonly palette: Uint8Array;
}

const PLAIN = 0;
const BIT_FIELDS = 3;

/** Computes the brightness with the usual weights of red, green and blue, in 256ths. */
function brightness(red: number, green: number, blue: number): number {
  return (red * 77 + green * 150 + blue * 29) >> 8;
}

function headerOf(bytes: Buffer): Header {
  const headerSize = bytes.readUInt32LE(14);
  const old = headerSize === 12;
  const bits = bytes.readUInt16LE(old ? 24 : 28);
  const compression = old ? PLAIN : bytes.readUInt32LE(30);
  const supported = compression === PLAIN ? [1, 4, 8, 24, 32] : compression === BIT_FIELDS ? [32] : [];
  if (!supported.includes(bits)) {
    throw new PerennialError(
      'UnsupportedMedia',
      `Expected an uncompressed BMP, but found ${String(bits)} bits a pixel with compression ${String(compression)}. Convert it to PNG.`,
    );
  }
  const height = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const entry = old ? 3 : 4;
  const colours = bits > 8 ? 0 : 2 ** bits;
  const palette = Uint8Array.from({ length: colours }, (_, index) => {
    const at = 14 + headerSize + index * entry;
    return brightness(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0);
  });
  return { pixelsAt: bytes.readUInt32LE(10), width, height: Math.abs(height), fromTop: height < 0, bits, palette };
}

function damaged(): PerennialError {
  return new PerennialError(
    'CorruptDocument',
    'Expected a complete BMP, but it is damaged or cut off. Supply an undamaged copy.',
  );
}

/**
 * Reads width and height of a bitmap without decoding it.
 * @throws PerennialError `CorruptDocument`, `UnsupportedMedia`
 */
export function bitmapSize(bytes: Buffer): { readonly width: number; readonly height: number } {
  if (bytes.length < 34) throw damaged();
  const { width, height } = headerOf(bytes);
  if (width < 1 || height < 1) throw damaged();
  return { width, height };
}

/**
 * Decodes a bitmap whose size has been checked.
 *
 * @throws PerennialError `CorruptDocument`, `UnsupportedMedia`
 */
export function decodeBitmap(bytes: Buffer): GrayPage {
  const { width, height } = bitmapSize(bytes);
  const header = headerOf(bytes);
  const stride = Math.ceil((width * header.bits) / 32) * 4;
  if (header.pixelsAt + stride * height > bytes.length) throw damaged();
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = header.pixelsAt + stride * (header.fromTop ? y : height - 1 - y);
    for (let x = 0; x < width; x += 1) data[y * width + x] = pixelAt(bytes, header, row, x);
  }
  return { width, height, data, dpi: undefined };
}

function pixelAt(bytes: Buffer, header: Header, row: number, x: number): number {
  const { bits, palette } = header;
  if (bits > 8) {
    const at = row + x * (bits / 8);
    return brightness(bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0);
  }
  const bit = x * bits;
  const shift = 8 - bits - (bit % 8);
  return palette[((bytes[row + (bit >> 3)] ?? 0) >> shift) & (2 ** bits - 1)] ?? 255;
}
