/**
 * Reads the samples with the installed tesseract, first as they are and then after the damage to the page is undone,
 * and prints the character error rates: `node --import tsx scripts/samples/check.ts`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { pdfium, toPng } from './raster.ts';
import { readTruth, samplesFolder } from './truth.ts';

function squeeze(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function distance(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  left.forEach((char, i) => {
    const next = [i + 1];
    right.forEach((other, j) => {
      next.push(Math.min((row[j] ?? 0) + (char === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    });
    row = next;
  });
  return row[right.length] ?? 0;
}

function rate(read: string, truth: string): string {
  const [found, expected] = [squeeze(read), squeeze(truth)];
  return `${((100 * distance(found, expected)) / expected.length).toFixed(2)} %`;
}

function tesseract(input: Buffer): string {
  const options = {
    input,
    stdio: ['pipe', 'pipe', 'ignore'] as ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, OMP_THREAD_LIMIT: '1' },
  };
  return execFileSync('tesseract', ['stdin', 'stdout', '--psm', '3'], options).toString();
}

/** Corrections by someone who knows the damage of each page, which prove that the page can be read. */
const mending: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  '04-skewed.png': (image) => image.rotate(-3, { background: '#ffffff' }),
  '05-noisy.png': (image) => image.median(3),
  '06-rotated-90.png': (image) => image.rotate(270),
  '07-rotated-180.png': (image) => image.rotate(180),
};

async function readPdf(bytes: Buffer): Promise<string> {
  const document = await (await pdfium()).loadDocument(bytes);
  const texts: string[] = [];
  for (const page of document.pages()) {
    // The text is read first, because rendering frees the page and reading its text afterwards crashes the library.
    const layer = page.getText();
    if (layer.trim() !== '') {
      texts.push(layer);
      continue;
    }
    const shown = await page.render({ scale: 300 / 72, render: 'bitmap', colorSpace: 'Gray' });
    texts.push(
      tesseract(
        await toPng({ data: Uint8Array.from(shown.data), width: shown.width, height: shown.height, dpi: 300 }, 256),
      ),
    );
  }
  document.destroy();
  return texts.join('\n');
}

const library = await pdfium();
for (const [file, truth] of Object.entries(await readTruth())) {
  const bytes = readFileSync(`${samplesFolder}${file}`);
  if (truth.expect !== 'completed') {
    const answer = await library.loadDocument(bytes).then(
      (opened) => `pdfium opened it: ${opened.getPageCount()} pages`,
      (error: unknown) => String(error),
    );
    console.log(`${file.padEnd(24)} ${truth.expect}: ${answer}`);
    continue;
  }
  const text = truth.text.join('\n');
  const bare = file.endsWith('.pdf') ? await readPdf(bytes) : tesseract(bytes);
  const mend = mending[file];
  const mended =
    mend === undefined ? '' : `   mended ${rate(tesseract(await mend(sharp(bytes)).png().toBuffer()), text)}`;
  console.log(`${file.padEnd(24)} bare ${rate(bare, text).padStart(9)}${mended}`);
}
process.exit(0);
