/** Results as a table, for the terminal and for `docs/performance.md`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Measured, NotMeasured, Part, Row } from './part.ts';

/** What became of one part. */
export interface PartResult {
  readonly part: Part;
  readonly result: Measured | NotMeasured;
  readonly machine: string;
  /** Load of the machine when the part began. */
  readonly load: string;
  /** ISO date. */
  readonly date: string;
}

/** Says whether a part reached all its targets; a part that was not measured missed none. */
export function reached({ result }: PartResult): boolean {
  return 'missing' in result || result.rows.every((row) => row.target?.holds(row.ratio) ?? true);
}

/** One part as Markdown. */
export function sectionOf({ part, result, machine, load, date }: PartResult, judged = true): string {
  const head = `## ${part.title}`;
  if ('missing' in result) return `${head}\n\nNot measured: ${result.missing} is not installed. ${date}.`;
  const table = [
    '| what | ours | peer | ratio | target | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...result.rows.map((row) => line(row, judged)),
  ].join('\n');
  const origin = `Machine: ${machine}. Load when it began: ${load}. Date: ${date}. Command: \`npm run bench ${part.name}\`.`;
  return [head, table, `How: ${result.how}`, ...result.details, origin].join('\n\n');
}

function line({ what, ours, peer, ratio, target }: Row, judged: boolean): string {
  const verdict = target === undefined || !judged ? '' : target.holds(ratio) ? 'reached' : '**missed**';
  return `| ${what} | ${ours} | ${peer} | ${ratio.toFixed(3)} | ${target?.text ?? ''} | ${verdict} |`;
}

const INTRODUCTION = `# Performance

<!-- Written by \`npm run bench\`; do not edit. -->

Every figure is a ratio to a peer that was measured in the same run on the same machine. \`npm run bench\` measures all
parts, \`npm run bench NAME…\` some, \`-- --quick\` shows with tiny counts that they work and writes nothing. A part that
was not run again keeps its section.`;

/** Puts the new sections in place of the old ones; the other parts keep theirs. */
export function writePage(file: string, parts: readonly Part[], results: readonly PartResult[]): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const sections = parts.map((part) => {
    const found = results.find((result) => result.part === part);
    const body = found === undefined ? oldSection(old, part) : sectionOf(found);
    return `${opening(part)}\n\n${body}\n\n${closing(part)}`;
  });
  writeFileSync(file, `${[INTRODUCTION, ...sections].join('\n\n')}\n`);
}

const opening = ({ name }: Part): string => `<!-- bench ${name} -->`;
const closing = ({ name }: Part): string => `<!-- end of ${name} -->`;

function oldSection(page: string, part: Part): string {
  const [start, end] = [page.indexOf(opening(part)), page.indexOf(closing(part))];
  if (start < 0 || end < start) return `## ${part.title}\n\nNot measured yet.`;
  return page.slice(start + opening(part).length, end).trim();
}
