/**
 * Compares page images through the whole product with the bare engine on all cores, which shows the cost of durability.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { benchPages } from '../../scripts/samples/pages.ts';
import { errorRate } from './character-errors.ts';
import { isInstalled, runCommand } from '../commands.ts';
import { atLeast, type BenchContext, type Measured, type NotMeasured, type Section } from '../section.ts';
import { type BatchRun, type BenchStack, withStack } from '../stack.ts';
import { alternate, describeLaps, mean, median, timed } from '../timing.ts';

const SEED = 1;
const WARM_UP_SEED = 2;

/** The section on the throughput of page images. */
export const images: Section = { name: 'images', title: 'Page images against bare tesseract', run: measure };

interface Pages {
  readonly folder: string;
  readonly files: readonly string[];
  readonly texts: readonly string[];
}

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  if (!isInstalled('tesseract')) return { missing: 'tesseract' };
  const count = context.quick ? 4 : 100;
  context.log.step(`Making ${String(count)} page images`);
  const pages = await makePages(path.join(context.folder, 'images'), count, SEED);
  const warmUp = await makePages(path.join(context.folder, 'warm-up'), context.cores, WARM_UP_SEED);
  let last: BatchRun | undefined;
  return withStack(context, { roots: [pages.folder, warmUp.folder] }, async (stack) => {
    await stack.read({ paths: [warmUp.folder], backend: 'tesseract', preprocess: false });
    const laps = await alternate(
      context.rounds,
      (round) => readWithXargs(context, pages.folder, round),
      async (round) => {
        context.log.step(`Page images, round ${String(round + 1)}: ours`);
        last = await stack.read({ paths: [pages.folder], backend: 'tesseract', preprocess: false });
        return last.seconds;
      },
    );
    const pace = { ours: count / median(laps.ours), peer: count / median(laps.peer) };
    const errors = await errorsOf(stack, last, pages.texts);
    return {
      rows: [
        {
          what: `${String(count)} page images, no preprocessing`,
          ours: `${pace.ours.toFixed(2)} pages/s`,
          peer: `${pace.peer.toFixed(2)} pages/s`,
          ratio: pace.ours / pace.peer,
          target: atLeast(0.9),
        },
      ],
      how: howOf(context, count),
      details: [`${describeLaps(laps)} Our mean character error rate on these pages: ${errors.toFixed(4)}.`],
    };
  });
}

function howOf({ cores, rounds }: BenchContext, count: number): string {
  return [
    `The input is ${String(count)} distinct A4 text pages as gray PNG files of 300 dpi.`,
    `The peer is \`ls | xargs -P ${String(cores)} -I{} env OMP_THREAD_LIMIT=1 tesseract {} stdout\`, which does nothing but recognition.`,
    'Ours is one batch (client, Temporal, worker, PostgreSQL) with `preprocess: false` and the backend `tesseract`. Its time runs from `batchOcr` to its result, in a stack that has read one page per core before.',
    `Peer and ours run in turns; figures are medians of ${String(rounds)} rounds.`,
  ].join(' ');
}

async function makePages(folder: string, count: number, seed: number): Promise<Pages> {
  await mkdir(folder, { recursive: true });
  const [files, texts]: [string[], string[]] = [[], []];
  for await (const { png, text } of benchPages(count, seed)) {
    const file = path.join(folder, `page-${String(files.length + 1).padStart(4, '0')}.png`);
    await writeFile(file, png);
    files.push(file);
    texts.push(text);
  }
  return { folder, files, texts };
}

function readWithXargs({ cores, folder, log, signal }: BenchContext, pages: string, round: number): Promise<number> {
  log.step(`Page images, round ${String(round + 1)}: bare tesseract`);
  const line = `ls | xargs -P ${String(cores)} -I{} env OMP_THREAD_LIMIT=1 tesseract {} stdout`;
  const output = path.join(folder, 'bare.txt');
  return timed(() => runCommand({ file: 'sh', args: ['-c', line], cwd: pages, output, signal }));
}

/** Returns the character error rate of the pages of a run, because speed is worth nothing when the text is wrong. */
async function errorsOf(
  { documents }: BenchStack,
  run: BatchRun | undefined,
  texts: readonly string[],
): Promise<number> {
  const rates = (run?.summary.outcomes ?? []).map(async ({ documentId, position }) => {
    const result = await documents.result(documentId ?? '');
    return errorRate(result?.text ?? '', texts[position] ?? '');
  });
  return mean(await Promise.all(rates));
}
