/** The commands of a page of docs/ and what the page says they print. */
import { projectDir } from '../../../config/project.ts';
import { blocksOf } from '../../../scripts/docs/blocks.ts';

/** Commands of one block, and the lines that the page shows as their output. */
export interface Example {
  readonly line: number;
  readonly code: string;
  readonly shown: readonly string[];
}

/** Each `sh` block with the `text` block that follows it. */
export function examplesOf(page: string): readonly Example[] {
  const blocks = blocksOf(projectDir, page);
  return blocks.flatMap(({ language, line, code }, index) => {
    const next = blocks[index + 1];
    if (language !== 'sh') return [];
    const shown = next?.language === 'text' ? next.code.split('\n').filter((text) => text !== '') : [];
    return [{ line, code, shown }];
  });
}

/** Columns are as wide as their contents, so blanks count as one; `…` stands for anything within a line. */
export function contains(output: string, shown: string): boolean {
  const parts = squeeze(shown)
    .split('…')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return output.split('\n').some((line) => new RegExp(parts.join('.*')).test(squeeze(line)));
}

const squeeze = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');
