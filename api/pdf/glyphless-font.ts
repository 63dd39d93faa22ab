/**
 * The font of invisible text: one empty glyph for every character of Unicode,
 * so that text in any script can be searched and copied without shipping fonts.
 * The file is `pdf.ttf` of Tesseract (Google, Apache License 2.0), 572 bytes.
 */
import { Buffer } from 'node:buffer';

const FONT_FILE = Buffer.from(
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

/** One character code is one UTF-16 unit; pairs of surrogates come out as pairs again. */
const TO_UNICODE = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
1 beginbfrange
<0000> <FFFF> <0000>
endbfrange
endcmap
CMapName currentdict /CMap defineresource pop
end
end`;

/** The part of a pdfkit document that writing a font needs. */
interface ObjectWriter {
  ref(data: object): { end(content?: Buffer): void };
}

/** Writes the font into a document once; the reference goes into the resources of each page that uses it. */
export function addGlyphlessFont(document: ObjectWriter): object {
  const write = (data: object, content?: Buffer): object => {
    const reference = document.ref(data);
    reference.end(content);
    return reference;
  };
  const file = write({ Length1: FONT_FILE.length }, FONT_FILE);
  // Every character is drawn as glyph 1: 65,536 times the number 1 in two bytes, which compresses to nothing.
  const glyphs = write({}, Buffer.alloc(65_536 * 2, Buffer.from([0, 1])));
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
    FontFile2: file,
  });
  const descendant = write({
    Type: 'Font',
    Subtype: 'CIDFontType2',
    BaseFont: 'GlyphLessFont',
    CIDToGIDMap: glyphs,
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
    ToUnicode: write({}, Buffer.from(TO_UNICODE)),
  });
}
