/**
 * Detects the type of a file from its first bytes, and a missing end from its structure. Both look at a few kilobytes,
 * so that a bad file is refused cheaply.
 */

/** The media types that can be read. */
export type ReadableMedia =
  'application/pdf' | 'image/png' | 'image/jpeg' | 'image/tiff' | 'image/webp' | 'image/gif' | 'image/bmp';

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

/** Tells whether a file is HEIC or HEIF, the pictures of phones, whose patented coding has no decoder here. */
export function isHeic(head: Buffer): boolean {
  const brand = head.toString('latin1', 8, 12);
  return (
    head.toString('latin1', 4, 8) === 'ftyp' &&
    ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'mif1', 'msf1'].includes(brand)
  );
}

/** Detects the media type from the first bytes; returns `undefined` for types that cannot be read. */
export function detectMedia(head: Buffer): ReadableMedia | undefined {
  const signed = SIGNATURES.find(([, bytes]) => startsWith(head, bytes));
  if (signed !== undefined) return signed[0];
  const text = head.subarray(0, PDF_HEADER_WITHIN + 5).toString('latin1');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (isBitmap(head)) return 'image/bmp';
  return text.includes('%PDF-') ? 'application/pdf' : undefined;
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
    // The parts of a TIFF may lie anywhere in the file, so tiff.ts checks them.
    case 'image/tiff':
    case 'application/pdf':
      return false;
  }
}
