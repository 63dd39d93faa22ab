/** Tells from its first bytes what a file is that is not a table. */

/** A kind of file that is often supplied in place of CSV. */
interface KnownKind {
  readonly name: string;
  /** Bytes at the beginning, or at `at`. */
  readonly bytes: readonly number[] | string;
  readonly at?: number;
}

const KNOWN: readonly KnownKind[] = [
  { name: 'text in UTF-32', bytes: [0xff, 0xfe, 0x00, 0x00] },
  { name: 'text in UTF-32', bytes: [0x00, 0x00, 0xfe, 0xff] },
  { name: 'a compressed file (gzip)', bytes: [0x1f, 0x8b] },
  { name: 'a compressed file (bzip2)', bytes: 'BZh' },
  { name: 'a compressed file (xz)', bytes: '\u00fd7zXZ' },
  { name: 'a compressed file (Zstandard)', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: 'an archive (7-Zip)', bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { name: 'an archive (RAR)', bytes: 'Rar!' },
  { name: 'an archive (tar)', bytes: 'ustar', at: 257 },
  { name: 'an archive (ZIP)', bytes: 'PK\u0003\u0004' },
  { name: 'an empty archive (ZIP)', bytes: 'PK\u0005\u0006' },
  { name: 'a PDF', bytes: '%PDF-' },
  { name: 'a PostScript document', bytes: '%!PS' },
  { name: 'a document in rich text (RTF)', bytes: '{\\rtf' },
  { name: 'a workbook of Excel before 2007, or another old Office document', bytes: [0xd0, 0xcf, 0x11, 0xe0] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
  { name: 'a GIF image', bytes: 'GIF8' },
  { name: 'a TIFF image', bytes: 'II*\u0000' },
  { name: 'a TIFF image', bytes: 'MM\u0000*' },
  { name: 'a WebP image', bytes: 'WEBP', at: 8 },
  { name: 'a HEIC image or a video', bytes: 'ftyp', at: 4 },
  { name: 'a sound or a video', bytes: 'RIFF' },
  { name: 'a database (SQLite)', bytes: 'SQLite format 3\u0000' },
  { name: 'a Parquet file', bytes: 'PAR1' },
  { name: 'an Avro file', bytes: 'Obj\u0001' },
  { name: 'an executable', bytes: '\u007fELF' },
  { name: 'an executable', bytes: 'MZ\u0090\u0000' },
];

/** Names a kind of file that is known by its first bytes; `undefined` for all others. */
export function kindOfBytes(head: Buffer): string | undefined {
  return KNOWN.find(({ bytes, at = 0 }) => {
    const wanted = Buffer.from(bytes as string, 'latin1'); // the encoding is ignored for numbers
    return head.subarray(at, at + wanted.length).equals(wanted);
  })?.name;
}

/** A tag with its attributes; a column name in angle brackets is followed by a delimiter instead. */
const MARKUP = /^<(?:!doctype\b|!--|\?xml\b|[a-z][\w:.-]*(?:\s[^<>]*)?\/?>(?![\t,;|]))/i;
const HTML = /^<(?:!doctype html|html|head|body|title|meta|script|form|div|table)\b/i;
const JSON_OBJECT = /^\{\s*(?:"|\})/;
const JSON_LIST = /^\[\s*(?:[[{"\]]|-?\d|true\b|false\b|null\b)/;
/** Names of columns in brackets, as SQL Server exports them, are no list. */
const IN_BRACKETS = /^\[[^\]\n]*\][\t,;|]/;

/** Control characters that no table holds; escape and shift are parts of ISO-2022-JP. */
const CONTROL = /[\u0001-\u0008\u000b\u0010-\u001a\u001c-\u001f]/g;
const NUL = /\u0000/g;
/** Largest share of control characters in a text. */
const MOST_CONTROL = 0.02;
const MOST_NUL = 0.2;
/** Characters that are examined. */
const LOOKED_AT = 8_192;

/** Names what a decoded beginning is, when it is not a table: a page, JSON, XML or binary data. */
export function kindOfText(beginning: string): string | undefined {
  const text = beginning.replace(/^\ufeff/, '').trimStart();
  if (HTML.test(withoutComments(text))) return 'an HTML page, perhaps a sign-in page';
  if (MARKUP.test(text)) return 'XML';
  if (JSON_OBJECT.test(text) || (JSON_LIST.test(text) && !IN_BRACKETS.test(text))) return 'JSON';
  const looked = beginning.slice(0, LOOKED_AT);
  const binary =
    countOf(looked, CONTROL) > MOST_CONTROL * looked.length || countOf(looked, NUL) > MOST_NUL * looked.length;
  return binary ? 'binary data' : undefined;
}

function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Removes the comments that a page begins with, in linear time. */
function withoutComments(text: string): string {
  let rest = text;
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->');
    if (end === -1) return rest;
    rest = rest.slice(end + 3).trimStart();
  }
  return rest;
}
