/** Compares the character error rates of Perennial on documents with known text with the best of three peers. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runWindow, sourceOf } from '../../concurrency/window.ts';
import { errorRate } from './character-errors.ts';
import { type KnownDocument, pairsIn, sampleDocuments } from './known-texts.ts';
import { atLeast, type BenchContext, type Measured, type NotMeasured, type Section } from '../section.ts';
import { findPeers, type Peer } from './peer-readings.ts';
import { type BenchStack, withStack } from '../stack.ts';
import { mean } from '../timing.ts';

/** The section on character error rates of documents with known text. */
export const accuracy: Section = {
  name: 'accuracy',
  title: 'Character errors on documents with known text',
  run: measure,
};

/** The character error rates of one document. */
interface Verdict {
  readonly name: string;
  readonly ours: number;
  /** Rates in the order of the peers; `undefined` where a peer cannot read the document. */
  readonly peers: readonly (number | undefined)[];
  readonly best: number;
}

async function measure(context: BenchContext): Promise<Measured | NotMeasured> {
  const { peers, missing } = await findPeers();
  if (peers.length === 0) return { missing: 'tesseract' };
  const further = context.truth === undefined ? [] : await pairsIn(context.truth);
  const documents = [...(await sampleDocuments(context.quick)), ...further];
  const theirs = await readByPeers(context, documents, peers);
  const roots = [...new Set(documents.map(({ file }) => path.dirname(file)))];
  const ours = await withStack(context, { roots }, (stack) => readByUs(context, stack, documents));
  const verdicts = documents.map(({ name, text }, index): Verdict => {
    const rates = theirs.map((texts) => rateOf(texts[index], text));
    const best = Math.min(...rates.filter((rate) => rate !== undefined));
    return { name, ours: errorRate(ours[index] ?? '', text), peers: rates, best };
  });
  return report(verdicts, peers, missing, further.length);
}

function rateOf(reading: string | undefined, truth: string): number | undefined {
  return reading === undefined ? undefined : errorRate(reading, truth);
}

/** Reads each document with every peer and returns the texts by peer. */
async function readByPeers(
  { cores, folder, log, signal }: BenchContext,
  documents: readonly KnownDocument[],
  peers: readonly Peer[],
): Promise<readonly (readonly (string | undefined)[])[]> {
  const texts: (string | undefined)[][] = peers.map(() => []);
  const jobs = peers.flatMap((peer, at) => documents.map((document, index) => ({ peer, at, document, index })));
  await runWindow<(typeof jobs)[number]>({
    limit: cores,
    next: sourceOf(jobs),
    work: async ({ peer, at, document, index }) => {
      log.step(`${peer.name}: ${document.name}`);
      const own = path.join(folder, 'peers', `${String(at)}-${String(index)}`);
      await mkdir(own, { recursive: true });
      const row = texts[at] ?? [];
      row[index] = await peer.read(document, own, signal);
    },
  });
  return texts;
}

async function readByUs(
  { log }: BenchContext,
  stack: BenchStack,
  documents: readonly KnownDocument[],
): Promise<readonly string[]> {
  log.step(`Perennial: ${String(documents.length)} documents`);
  const paths = documents.map(({ file }) => file);
  const { summary } = await stack.read({ paths, backend: 'tesseract' }, 'allowed');
  const texts: string[] = [];
  for (const { position, documentId, name, failure } of summary.outcomes ?? []) {
    if (failure !== null) log.note(`${name} could not be read: ${failure.message}`);
    texts[position] = (await stack.documents.result(documentId ?? ''))?.text ?? '';
  }
  return texts;
}

function report(
  verdicts: readonly Verdict[],
  peers: readonly Peer[],
  missing: readonly string[],
  further: number,
): Measured {
  const good = verdicts.filter(isGood).length;
  const bests = verdicts.map(({ best }) => best);
  const rate = (value: number | undefined): string => value?.toFixed(4) ?? 'cannot';
  return {
    rows: [
      {
        what: 'documents read no worse than by the best peer for each',
        ours: `${String(good)} of ${String(verdicts.length)}`,
        peer: `best of ${peers.map(({ name }) => name).join(', ')}`,
        ratio: good / verdicts.length,
        target: atLeast(1),
      },
      {
        what: 'mean character error rate',
        ours: rate(mean(verdicts.map(({ ours }) => ours))),
        peer: `${rate(mean(bests))} (best peer for each)`,
        ratio: mean(verdicts.map(({ ours }) => ours)) / mean(bests),
      },
    ],
    how: howOf(missing, further),
    details: [
      [
        `| document | ours | ${peers.map(({ name }) => name).join(' | ')} | no worse |`,
        `| --- | --- | ${peers.map(() => '--- |').join(' ')} --- |`,
        ...verdicts.map((verdict) => {
          const cells = [verdict.ours, ...verdict.peers].map(rate).join(' | ');
          return `| ${verdict.name} | ${cells} | ${isGood(verdict) ? 'yes' : '**no**'} |`;
        }),
      ].join('\n'),
    ],
  };
}

function isGood({ ours, best }: Verdict): boolean {
  return ours <= best;
}

function howOf(missing: readonly string[], further: number): string {
  return [
    'The character error rate is the Levenshtein distance to the true text, divided by the length of that text; white space is collapsed.',
    `The input is the samples in \`samples/\`${further === 0 ? '' : ` and ${String(further)} documents of a folder given with \`--truth\``}.`,
    'The peers are `tesseract FILE stdout`, the same with `--psm 1` (both read PDF pages drawn at 300 dpi), and `ocrmypdf --rotate-pages --deskew --clean --sidecar` (with `--image-dpi 300` for images; pages with a text layer keep it).',
    'Ours is one batch through the product with all defaults and the backend `tesseract`.',
    ...(missing.length === 0 ? [] : [`These peers are not installed and were not compared: ${missing.join(', ')}.`]),
  ].join(' ');
}
