/** Reads one document with each peer, with the result that a user would get by hand. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { pdfium, toPng } from '../../scripts/samples/raster.ts';
import { exitOf, isInstalled, linesOf, runCommand } from '../commands.ts';
import type { KnownDocument } from './known-texts.ts';

/** A program, or combination of programs, that reads a document. */
export interface Peer {
  readonly name: string;
  /** Returns the text, or `undefined` when this peer cannot read the document. */
  read(document: KnownDocument, folder: string, signal: AbortSignal): Promise<string | undefined>;
}

const DPI = 300;

/** Returns the peers that are installed, and the names of those that are missing. */
export async function findPeers(): Promise<{ readonly peers: readonly Peer[]; readonly missing: readonly string[] }> {
  const languages = isInstalled('tesseract') ? await languagesOf() : [];
  const candidates: readonly (readonly [Peer, boolean])[] = [
    [tesseract('tesseract', []), languages.includes('eng')],
    [tesseract('tesseract --psm 1', ['--psm', '1']), languages.includes('eng') && languages.includes('osd')],
    [ocrmypdf, isInstalled('ocrmypdf') && isInstalled('unpaper') && languages.includes('osd')],
  ];
  return {
    peers: candidates.filter(([, present]) => present).map(([peer]) => peer),
    missing: candidates.filter(([, present]) => !present).map(([{ name }]) => name),
  };
}

async function languagesOf(): Promise<readonly string[]> {
  const listed = await linesOf('tesseract', ['--list-langs']);
  return listed.map((line) => line.trim());
}

function tesseract(name: string, flags: readonly string[]): Peer {
  const read: Peer['read'] = async (document, folder, signal) => {
    const files = isPdf(document) ? await renderPages(document, folder) : [document.file];
    const texts: string[] = [];
    for (const file of files) {
      const output = path.join(folder, 'text.txt');
      const env = { OMP_THREAD_LIMIT: '1' };
      await runCommand({ file: 'tesseract', args: [file, 'stdout', ...flags], env, output, signal });
      texts.push(await readFile(output, 'utf8'));
    }
    return texts.join('\n');
  };
  return { name, read };
}

const ocrmypdf: Peer = {
  name: 'OCRmyPDF',
  read: async (document, folder, signal) => {
    const sidecar = path.join(folder, 'sidecar.txt');
    const run = async (file: string): Promise<boolean> => {
      const always = ['--rotate-pages', '--deskew', '--clean', '--jobs', '1', '--output-type', 'pdf', '--quiet'];
      const kind = isPdf(document) ? ['--skip-text'] : ['--image-dpi', String(DPI)];
      const args = [...always, ...kind, '--sidecar', sidecar, file, path.join(folder, 'out.pdf')];
      return (await exitOf({ file: 'ocrmypdf', args, signal })).code === 0;
    };
    const done = (await run(document.file)) || (!isPdf(document) && (await run(await asPng(document, folder))));
    return done ? withTextLayers(await readFile(sidecar, 'utf8'), document) : undefined;
  },
};

function isPdf({ file }: KnownDocument): boolean {
  return file.toLowerCase().endsWith('.pdf');
}

/** Converts a picture to PNG without transparency, as a user would: OCRmyPDF takes few formats and no alpha channel. */
async function asPng({ file }: KnownDocument, folder: string): Promise<string> {
  const png = path.join(folder, 'picture.png');
  await sharp(file).flatten({ background: '#ffffff' }).png().toFile(png);
  return png;
}

/**
 * Completes the text of OCRmyPDF, which leaves out pages with a text layer, with the text that a user would copy there.
 */
async function withTextLayers(sidecar: string, document: KnownDocument): Promise<string> {
  if (!sidecar.includes('[OCR skipped')) return sidecar;
  const layers = await textLayers(document);
  return sidecar.replaceAll(/\[OCR skipped on page\(s\) (\d+)(?:-(\d+))?\]/g, (_, first: string, last?: string) =>
    layers.slice(Number(first) - 1, Number(last ?? first)).join('\n'),
  );
}

async function textLayers({ file }: KnownDocument): Promise<readonly string[]> {
  const opened = await (await pdfium()).loadDocument(await readFile(file));
  try {
    return Array.from(opened.pages(), (page) => page.getText());
  } finally {
    opened.destroy();
  }
}

async function renderPages({ file }: KnownDocument, folder: string): Promise<readonly string[]> {
  const opened = await (await pdfium()).loadDocument(await readFile(file));
  await mkdir(folder, { recursive: true });
  const files: string[] = [];
  try {
    for (const page of opened.pages()) {
      const { data, width, height } = await page.render({ scale: DPI / 72, render: 'bitmap', colorSpace: 'Gray' });
      const target = path.join(folder, `page-${String(files.length + 1).padStart(4, '0')}.png`);
      await writeFile(target, await toPng({ data: Uint8Array.from(data), width, height, dpi: DPI }, 256));
      files.push(target);
    }
  } finally {
    opened.destroy();
  }
  return files;
}
