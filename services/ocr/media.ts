/**
 * Detects the type of a file from its first bytes, and a missing end from its structure. Both look at a few kilobytes,
 * so that a bad file is refused cheaply.
 */

/** The media types that can be read. */
export type ReadableMedia =
  | 'application/pdf'
  | 'image/png'
  | 'image/jpeg'
  | 'image/tiff'
  | 'image/webp'
  | 'image/gif'
  | 'image/bmp'
  | 'image/avif'
  | 'image/heic';

/** Bytes from the start of a file that `detectMedia` needs. */
export const HEAD_BYTES = 4096;

/** Bytes from the end of a file that `isTruncated` needs; some scanners append vendor data after the last marker. */
export const TAIL_BYTES = 65_536;

/** Most bytes of junk before the header of a PDF that readers accept (ISO 32000, annex H). */
const PDF_HEADER_WITHIN = 1024;

function startsWith(head: Buffer, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** First bytes of each type. TIFF comes in two byte orders, and as BigTIFF with 64-bit offsets. */
const SIGNATURES: readonly (readonly [ReadableMedia, readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/tiff', [0x49, 0x49, 0x2a, 0]],
  ['image/tiff', [0x4d, 0x4d, 0, 0x2a]],
  ['image/tiff', [0x49, 0x49, 0x2b, 0]],
  ['image/tiff', [0x4d, 0x4d, 0, 0x2b]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38, 0x37, 0x61]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38, 0x39, 0x61]],
];

/** The coding of the pictures in a HEIF file by its brand. */
const HEIF_BRANDS: ReadonlyMap<string, ReadableMedia> = new Map([
  ...['avif', 'avis'].map((brand) => [brand, 'image/avif'] as const),
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx'].map((brand) => [brand, 'image/heic'] as const),
]);
/** Brands of the container alone, which say nothing about the coding. */
const CONTAINER_BRANDS = ['mif1', 'mif2', 'msf1', 'miaf'];

/** The brand of a HEIF file decides, and then the first one that it is compatible with; phones write HEIC. */
function heifMedia(head: Buffer): ReadableMedia | undefined {
  if (head.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  const brand = head.toString('latin1', 8, 12);
  if (!CONTAINER_BRANDS.includes(brand)) return HEIF_BRANDS.get(brand);
  const end = Math.min(head.readUInt32BE(0), head.length);
  for (let at = 16; at + 4 <= end; at += 4) {
    const media = HEIF_BRANDS.get(head.toString('latin1', at, at + 4));
    if (media !== undefined) return media;
  }
  return 'image/heic';
}

/** Detects the media type from the first bytes; returns `undefined` for types that cannot be read. */
export function detectMedia(head: Buffer): ReadableMedia | undefined {
  const signed = SIGNATURES.find(([, bytes]) => startsWith(head, bytes));
  if (signed !== undefined) return signed[0];
  const text = head.subarray(0, PDF_HEADER_WITHIN + 5).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (isBitmap(head)) return 'image/bmp';
  return text.includes('%PDF-') ? 'application/pdf' : heifMedia(head);
}

function isBitmap(head: Buffer): boolean {
  if (!startsWith(head, [0x42, 0x4d]) || head.length < 30) return false;
  const headerSize = head.readUInt32LE(14);
  // Ordinary text may also begin with "BM"; the size of the second header and the plane count decide.
  return [12, 40, 52, 56, 64, 108, 124].includes(headerSize) && (headerSize === 12 || head.readUInt16LE(26) === 1);
}

/** Tells whether the end of an image is missing. PDF is left to its parser, which can repair a lost tail. */
export function isTruncated(media: ReadableMedia, head: Buffer, tail: Buffer, size: number): boolean {
  switch (media) {
    case 'image/png':
      return !tail.includes('IEND');
    case 'image/jpeg':
      return !tail.includes(Buffer.from([0xff, 0xd9]));
    case 'image/gif':
      return !tail.includes(0x3b);
    case 'image/webp':
      return head.length < 12 || head.readUInt32LE(4) + 8 > size;
    case 'image/bmp':
      return head.readUInt32LE(10) >= size;
    // The parts of these may lie anywhere in the file, so tiff.ts and heif/boxes.ts check them.
    case 'image/tiff':
    case 'image/avif':
    case 'image/heic':
    case 'application/pdf':
      return false;
  }
}
