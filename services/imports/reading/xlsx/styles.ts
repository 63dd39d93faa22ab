/** Reads the styles of a workbook. */
import { MAX_STYLES } from './limits.ts';
import { type NumberKind, numberKind } from './formats.ts';
import { readWholeXml } from './xml.ts';
import { bomb, type ZipEntries } from './zip.ts';

/** Returns for each cell style what its numbers stand for. */
export async function numberKinds(parts: ZipEntries, path: string): Promise<readonly NumberKind[]> {
  const styles: NumberKind[] = [];
  if (!parts.has(path)) return styles;
  /** For each custom format of the workbook, what its numbers stand for. */
  const formats = new Map<string, NumberKind>();
  let inCells = false;
  await readWholeXml(await parts.open(path), {
    open: (name, attributes) => {
      const id = attributes['numFmtId'] ?? '0';
      if (name === 'numFmt') formats.set(id, numberKind(Number(id), attributes['formatCode'] ?? ''));
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) styles.push(formats.get(id) ?? numberKind(Number(id), undefined));
      if (styles.length + formats.size > 2 * MAX_STYLES) throw bomb(`more than ${MAX_STYLES} styles`);
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return styles;
}
