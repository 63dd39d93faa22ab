/** Compares one long scanned PDF, read with all options on, with the tool that a user would choose instead. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeScannedPdf, type ScannedPdf } from '../../scripts/samples/pages.ts';
import { errorRate } from './character-errors.ts';
import { isInstalled, runCommand } from '../commands.ts';
import { atLeast, type BenchContext, type Measured, type NotMeasured, type Section } from '../section.ts';
import { type BatchRun, type BenchStack, withStack } from '../stack.ts';
import { alternate, describeLaps, type Laps, mean, median, timed } from '../timing.ts';

const SEED = 3;
const WARM_UP_SEED = 4;
const SCAN = { maxSkew: 1.5, upsideDown: 0.1 } as const;
/** A higher share of pages upside down, so that one of very few pages lies upside down. */
const QUICK_SCAN = { maxSkew: 1.5, upsideDown: 0.5 } as const;

/** The section on the throughput of a scanned PDF. */
export const scannedPdf: Section = { name: 'scanned-pdf', title: 'A scanned PDF against OCRmyPDF', run: measure };

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  for (const needed of ['tesseract', 'ocrmypdf', 'unpaper']) if (!isInstalled(needed)) return { missing: needed };
  const count = context.quick ? 4 : 100;
  context.log.step(`Making a scanned PDF of ${String(count)} pages`);
  const folder = path.join(context.folder, 'scans');
  await mkdir(folder, { recursive: true });
  const scan = await makeScannedPdf(count, SEED, context.quick ? QUICK_SCAN : SCAN);
  const [file, warmUp] = [path.join(folder, 'scan.pdf'), path.join(folder, 'warm-up.pdf')];
  await writeFile(file, scan.pdf);
  await writeFile(warmUp, (await makeScannedPdf(context.cores, WARM_UP_SEED, SCAN)).pdf);
  return withStack(context, { roots: [folder] }, async (stack) => {
    await stack.read({ paths: [warmUp], backend: 'tesseract' });
    let last: BatchRun | undefined;
    const laps = await alternate(
      context.rounds,
      (round) => readWithOcrmypdf(context, file, round),
      async (round) => {
        context.log.step(`Scanned PDF, round ${String(round + 1)}: ours`);
        last = await stack.read({ paths: [file], backend: 'tesseract' });
        return last.seconds;
      },
    );
    return report(context, scan, laps, { ours: await ourText(stack, last), peer: await peerText(context.folder) });
  });
}

function report(context: BenchContext, scan: ScannedPdf, laps: Laps, texts: { ours: string; peer: string }): Measured {
  const count = scan.pages.length;
  const pace = { ours: count / median(laps.ours), peer: count / median(laps.peer) };
  const ours = pageErrors(texts.ours, scan);
  const peer = pageErrors(texts.peer, scan);
  return {
    rows: [
      {
        what: `${String(count)} pages of scanned PDF, everything on`,
        ours: `${pace.ours.toFixed(2)} pages/s`,
        peer: `${pace.peer.toFixed(2)} pages/s`,
        ratio: pace.ours / pace.peer,
        target: atLeast(1.5),
      },
    ],
    how: howOf(context, scan),
    details: [
      `${describeLaps(laps)} Mean character error rate of the pages: ours ${mean(ours).toFixed(4)}, peer ${mean(peer).toFixed(4)}; worst page: ours ${worst(ours)}, peer ${worst(peer)}.`,
    ],
  };
}

function howOf({ cores, rounds }: BenchContext, { pages }: ScannedPdf): string {
  const upsideDown = pages.filter((page) => page.upsideDown).length;
  return [
    `The input is one image-only PDF of ${String(pages.length)} A4 pages of 300 dpi. Each page is askew by up to ±${String(SCAN.maxSkew)}°, and ${String(upsideDown)} of them are upside down.`,
    `The peer is \`ocrmypdf --rotate-pages --deskew --clean --jobs ${String(cores)} --output-type pdf\`, with \`--sidecar\` so that its text can be checked.`,
    'Ours is one batch with all defaults (pages are set upright, straightened and cleaned) and the backend `tesseract`. Its time runs from `batchOcr` to its result, in a stack that has read one page per core before.',
    `Peer and ours run in turns; figures are medians of ${String(rounds)} rounds.`,
  ].join(' ');
}

function readWithOcrmypdf({ cores, folder, log, signal }: BenchContext, file: string, round: number): Promise<number> {
  log.step(`Scanned PDF, round ${String(round + 1)}: OCRmyPDF`);
  const flags = ['--rotate-pages', '--deskew', '--clean', '--jobs', String(cores), '--output-type', 'pdf', '--quiet'];
  const args = [...flags, '--sidecar', path.join(folder, 'peer.txt'), file, path.join(folder, 'peer.pdf')];
  return timed(() => runCommand({ file: 'ocrmypdf', args, signal }));
}

const PAGE_BREAK = '\f';

async function ourText({ documents }: BenchStack, run: BatchRun | undefined): Promise<string> {
  const id = run?.summary.outcomes?.[0]?.documentId;
  const result = id === undefined || id === null ? undefined : await documents.result(id);
  return (result?.pages ?? []).map(({ text }) => text).join(PAGE_BREAK);
}

function peerText(folder: string): Promise<string> {
  return readFile(path.join(folder, 'peer.txt'), 'utf8');
}

function pageErrors(text: string, { pages }: ScannedPdf): number[] {
  const read = text.split(PAGE_BREAK);
  return pages.map((page, index) => errorRate(read[index] ?? '', page.text));
}

function worst(rates: readonly number[]): string {
  return Math.max(...rates).toFixed(4);
}
