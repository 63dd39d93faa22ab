/**
 * The font of invisible text: one empty glyph for every character of Unicode,
 * so that text in any script can be searched and copied without shipping fonts.
 * The file is `pdf.ttf` of Tesseract (Google, Apache License 2.0), 572 bytes.
 */
import { Buffer } from 'node:buffer';

export const FONT_FILE = Buffer.from(
  'AAEAAAAKAIAAAwAgT1MvMlbeyJQAAAEoAAAAYGNtYXAACgA0AAABkAAAAB5nbHlmFSJBJAAAAbgAAAAYaGVhZAt48WUAAACsAAAA' +
    'NmhoZWEMAgQCAAAA5AAAACRobXR4BAAAAAAAAYgAAAAIbG9jYQAMAAAAAAGwAAAABm1heHAABAAFAAABCAAAACBuYW1l8usW2gAA' +
    'AdAAAABLcG9zdAABAAEAAAIcAAAAIAABAAAAAQAAsJRxEF8PPPUEBwgAAAAAAM+a/G4AAAAA1MOn8gAAAAAEAAgAAAAAEAACAAAA' +
    'AAAAAAEAAAgA//8AAAQAAAAAAAQAAAEAAAAAAAAAAAAAAAAAAAACAAEAAAACAAQAAQAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAwAA' +
    'AZAABQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAUAAQABAAAAAAAAAAAAAAAAAAAAAAAAAAAAR09PRwBAAAAAAAAB//8AAAABAAGA' +
    'AAAAAAAAAAAAAAAAAAABAAAAAAAABAAAAAAAAAIAAQAAAAAAFAADAAAAAAAUAAYACgAAAAAAAAAAAAAAAAAMAAAAAQAAAAAEAAgA' +
    'AAMAADEhESEEAPwACAAAAAADACoAAAADAAAABQAWAAAAAQAAAAAABQALABYAAwABBAkABQAWAAAAVgBlAHIAcwBpAG8AbgAgADEA' +
    'LgAwVmVyc2lvbiAxLjAAAAEAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAA=',
  'base64',
);

/** Width of every character, as a share of the font size. */
export const GLYPH_WIDTH = 0.5;

/** Name of the font in the resources of each page. */
export const FONT_NAME = 'Invisible';

/** First of the codes that stand for no character (UTF-16 surrogates); characters beyond the first 65,536 use them. */
const FIRST_SPARE = 0xd800;
const SPARES = 0x800;

/** Most entries that the PDF specification allows in one block of a character map. */
const BLOCK = 100;

/** The part of a pdfkit document that writing a font needs. */
interface ObjectWriter {
  ref(data: object): { end(content?: Buffer): void };
}

/** The font as part of one document. */
export interface GlyphlessFont {
  /** Reference for the resources of each page that uses the font. */
  readonly reference: object;
  /** The codes of a text, in hexadecimal. */
  readonly encode: (text: string) => string;
}

/** The codes of characters in the font. */
export interface GlyphCodes {
  /** Returns the code of each character, from 0 to 65,535. */
  readonly encode: (text: string) => number[];
  /** The map from codes to characters, which a PDF holds so that readers can search and copy its text. */
  readonly characterMap: string;
}

/** Assigns codes to all characters of `texts`. */
export function glyphCodes(texts: Iterable<string>): GlyphCodes {
  const spares = assignSpares(texts);
  return {
    encode: (text) => Array.from(text, (char) => spares.get(char) ?? plainCode(char)),
    characterMap: characterMap(spares),
  };
}

/** Returns the map from codes to glyphs, two bytes each: every character is glyph 1, which is empty. */
export function glyphMap(): Buffer {
  return Buffer.alloc(65_536 * 2, Buffer.from([0, 1]));
}

/** Writes the font into a document, with codes for all characters of `texts`. */
export function addGlyphlessFont(document: ObjectWriter, texts: Iterable<string>): GlyphlessFont {
  const codes = glyphCodes(texts);
  return {
    reference: writeFont(document, codes.characterMap),
    encode: (text) => codes.encode(text).map(hex).join(''),
  };
}

/** Assigns a code to each character beyond the first 65,536. There are 2,048 codes, more than one document needs. */
function assignSpares(texts: Iterable<string>): ReadonlyMap<string, number> {
  const spares = new Map<string, number>();
  for (const text of texts) {
    for (const char of text) {
      if (char.length === 2 && !spares.has(char) && spares.size < SPARES) spares.set(char, FIRST_SPARE + spares.size);
    }
  }
  return spares;
}

/** Replaces an unpaired surrogate, because its code may stand for another character. */
function plainCode(char: string): number {
  const code = char.charCodeAt(0);
  return code >= FIRST_SPARE && code < FIRST_SPARE + SPARES ? 0xfffd : code;
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}

/** Maps each code to its character, so that PDF readers can search and copy the text. */
function characterMap(spares: ReadonlyMap<string, number>): string {
  const entries = [...spares].map(
    ([char, code]) => `<${hex(code)}> <${hex(char.charCodeAt(0))}${hex(char.charCodeAt(1))}>`,
  );
  const blocks: string[] = [];
  for (let at = 0; at < entries.length; at += BLOCK) {
    const block = entries.slice(at, at + BLOCK);
    blocks.push(`${block.length} beginbfchar`, ...block, 'endbfchar');
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
2 beginbfrange
<0000> <D7FF> <0000>
<E000> <FFFF> <E000>
endbfrange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;
}

function writeFont(document: ObjectWriter, toUnicode: string): object {
  const write = (data: object, content?: Buffer): object => {
    const reference = document.ref(data);
    reference.end(content);
    return reference;
  };
  const descriptor = write({
    Type: 'FontDescriptor',
    FontName: 'GlyphLessFont',
    Flags: 5,
    FontBBox: [0, 0, 1000 * GLYPH_WIDTH, 1000],
    ItalicAngle: 0,
    Ascent: 1000,
    Descent: -1,
    CapHeight: 1000,
    StemV: 80,
    FontFile2: write({ Length1: FONT_FILE.length }, FONT_FILE),
  });
  const descendant = write({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: 'GlyphLessFont',
    // Its 128 KiB of repeated bytes compress to almost nothing.
    CIDToGIDMap: write({}, glyphMap()),
    // pdfkit writes a plain string as a name and a Buffer as a string.
    CIDSystemInfo: { Registry: Buffer.from('Adobe'), Ordering: Buffer.from('Identity'), Supplement: 0 },
    FontDescriptor: descriptor,
    DW: 1000 * GLYPH_WIDTH,
  });
  return write({
    Type: 'Font',
    Subtype: 'Type0',
    BaseFont: 'GlyphLessFont',
    Encoding: 'Identity-H',
    DescendantFonts: [descendant],
    ToUnicode: write({}, Buffer.from(toUnicode)),
  });
}
