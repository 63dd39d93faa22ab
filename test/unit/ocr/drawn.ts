/** PDF pages written operator by operator, for what no library writes. */

/** What stands on a page of 420 by 300 points. */
export interface DrawnPage {
  /** Lines of text with the place of their start, from the upper left corner. */
  readonly lines: readonly (readonly [text: string, x: number, y: number])[];
  /** Operators of the content stream; `/F1` is Helvetica, `/Im1` a striped picture, `/Fm1` a form in which one is. */
  readonly raw?: string;
  readonly crop?: readonly [number, number, number, number];
  /** Entries of annotations; the place is added. */
  readonly annotations?: readonly string[];
}

const PLACE = '/Rect [40 150 240 170]';
/** Black and white stripes. */
const STRIPES = '/Type /XObject /Subtype /Image /Width 8 /Height 1 /BitsPerComponent 1 /ColorSpace /DeviceGray';

/** Writes the PDF. */
export function drawPdf({ lines, raw = '', crop, annotations = [] }: DrawnPage): Buffer {
  const text = lines
    .map(([line, x, y]) => `BT 0 g /F1 12 Tf ${String(x)} ${String(300 - y)} Td (${line}) Tj ET`)
    .join('\n');
  const fields = annotations.map((_, index) => `${String(8 + index)} 0 R`).join(' ');
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${fields}] /DA (/F1 9 Tf) /DR << /Font << /F1 4 0 R >> >> >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 300] ${crop === undefined ? '' : `/CropBox [${crop.join(' ')}]`}
       /Contents 5 0 R /Annots [${fields}]
       /Resources << /Font << /F1 4 0 R >> /XObject << /Im1 6 0 R /Fm1 7 0 R >> >> >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    stream('', `${text}\n${raw}`),
    stream(STRIPES, '\x55'),
    stream(
      '/Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /Im1 6 0 R >> >>',
      'q 100 0 0 50 0 0 cm /Im1 Do Q',
    ),
    ...annotations.map((entries) => `<< /Type /Annot ${PLACE} ${entries} >>`),
  ];
  return assembled(objects);
}

export function stream(entries: string, content: string): string {
  return `<< ${entries} /Length ${String(content.length)} >>\nstream\n${content}\nendstream`;
}

export function assembled(objects: readonly string[]): Buffer {
  let body = '%PDF-1.7\n';
  const offsets = objects.map((object, index) => {
    const at = body.length;
    body += `${String(index + 1)} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const size = String(objects.length + 1);
  const rows = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${String(body.length)}\n%%EOF\n`;
  return Buffer.from(`${body}xref\n0 ${size}\n0000000000 65535 f \n${rows}${trailer}`, 'latin1');
}
