/** Finds documents whose true text is known: the samples, and any folder of documents with their texts. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { readTruth, samplesFolder } from '../../scripts/samples/truth.ts';

/** A document and its true text. */
export interface KnownDocument {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** Three samples that cover every way through the peers: a skewed image, a mixed PDF, a format that few can open. */
const QUICK = new Set(['04-skewed.png', '12-mixed.pdf', '17-recipe.webp']);

/** Returns the samples that can be read. */
export async function sampleDocuments(quick: boolean): Promise<KnownDocument[]> {
  const samples = Object.entries(await readTruth());
  return samples
    .filter(([name, { expect }]) => expect === 'completed' && (!quick || QUICK.has(name)))
    .map(([name, { text }]) => ({ name, file: path.join(samplesFolder, name), text: text.join('\n') }));
}

/**
 * Returns the documents of a folder that have their text beside them: `NAME.tif` with `NAME.gold.txt` or `NAME.txt`.
 *
 * @throws Error when the folder has none
 */
export async function pairsIn(folder: string): Promise<KnownDocument[]> {
  const names = (await readdir(folder)).toSorted();
  const documents: KnownDocument[] = [];
  for (const name of names) {
    if (/\.(txt|json|md)$/i.test(name)) continue;
    const base = path.parse(name).name;
    const truth = [`${base}.gold.txt`, `${base}.txt`, `${name}.txt`].find((candidate) => names.includes(candidate));
    if (truth === undefined) continue;
    const text = await readFile(path.join(folder, truth), 'utf8');
    documents.push({ name, file: path.resolve(folder, name), text });
  }
  if (documents.length === 0)
    throw new Error(`expected NAME and NAME.txt or NAME.gold.txt in ${folder}, found no pair`);
  return documents;
}
