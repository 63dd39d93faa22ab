/** Formats results as tables for the terminal and for `docs/performance.md`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Measured, NotMeasured, Section, Row } from './section.ts';

/** The result of one section. */
export interface SectionResult {
  readonly section: Section;
  readonly result: Measured | NotMeasured;
  readonly machine: string;
  /** Load of the machine at the start of the section. */
  readonly load: string;
  /** ISO date. */
  readonly date: string;
}

/** Returns whether a section reached all its targets; a section that was not measured missed none. */
export function reached({ result }: SectionResult): boolean {
  return 'missing' in result || result.rows.every((row) => row.target?.holds(row.ratio) ?? true);
}

/** Formats one section as Markdown. */
export function sectionOf({ section, result, machine, load, date }: SectionResult, judged = true): string {
  const head = `## ${section.title}`;
  if ('missing' in result) return `${head}\n\nNot measured: ${result.missing} is not installed. ${date}.`;
  const table = [
    '| what | ours | peer | ratio | target | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...result.rows.map((row) => line(row, judged)),
  ].join('\n');
  const origin = `Machine: ${machine}. Load when it began: ${load}. Date: ${date}. Command: \`npm run bench ${section.name}\`.`;
  return [head, table, `How: ${result.how}`, ...result.details, origin].join('\n\n');
}

function line({ what, ours, peer, ratio, target }: Row, judged: boolean): string {
  const verdict = target === undefined || !judged ? '' : target.holds(ratio) ? 'reached' : '**missed**';
  return `| ${what} | ${ours} | ${peer} | ${ratio.toFixed(3)} | ${target?.text ?? ''} | ${verdict} |`;
}

const INTRODUCTION = `# Performance

<!-- Written by \`npm run bench\`; do not edit. -->

Every figure is a ratio to a peer that was measured in the same run on the same machine. \`npm run bench\` measures all
sections, \`npm run bench NAME…\` some, \`-- --quick\` shows with tiny counts that they work and writes nothing. A section that
was not run again keeps its section.`;

/** Replaces the measured sections of the page; the other sections stay as they are. */
export function writePage(file: string, sections: readonly Section[], results: readonly SectionResult[]): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const blocks = sections.map((section) => {
    const found = results.find((result) => result.section === section);
    const body = found === undefined ? oldSection(old, section) : sectionOf(found);
    return `${opening(section)}\n\n${body}\n\n${closing(section)}`;
  });
  writeFileSync(file, `${[INTRODUCTION, ...blocks].join('\n\n')}\n`);
}

const opening = ({ name }: Section): string => `<!-- bench ${name} -->`;
const closing = ({ name }: Section): string => `<!-- end of ${name} -->`;

function oldSection(page: string, section: Section): string {
  const [start, end] = [page.indexOf(opening(section)), page.indexOf(closing(section))];
  if (start < 0 || end < start) return `## ${section.title}\n\nNot measured yet.`;
  return page.slice(start + opening(section).length, end).trim();
}
