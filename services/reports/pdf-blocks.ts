/** Puts the blocks of a report on pages: what belongs together stays together, and no page is nearly empty. */
import type { Pdf } from './pdf-style.ts';

/** A part of a page that is never divided. */
export interface Block {
  /** Height in points. */
  readonly height: number;
  /**
   * Keeps the block on the page of the next one, as headings are kept with what they head.
   * @defaultValue false
   */
  readonly keep?: boolean;
  /** Block that is repeated above this one when it starts a page: the head of a table. */
  readonly head?: Block;
  /** Draws the block below a position in points from the top of the page. */
  draw(pdf: Pdf, top: number): void;
}

/** Share of a page that the last of several pages has to fill. */
const LEAST_FILLED = 0.25;

/**
 * Cuts blocks into pages. Blocks of the page before move to a last page that would be nearly empty.
 *
 * @param room - height of a page in points; no block may be higher
 */
export function paginate(blocks: readonly Block[], room: number): readonly (readonly Block[])[] {
  const pages: Block[][][] = [[]];
  for (const group of groupsOf(blocks)) {
    const page = pages.at(-1) ?? [];
    if (page.length > 0 && heightOf([...page, group]) > room) pages.push([group]);
    else page.push(group);
  }
  fillLast(pages, room);
  return pages.map(laidOut);
}

/** Says whether the last of several pages is nearly empty. */
export function endsNearlyEmpty(pages: readonly (readonly Block[])[], room: number): boolean {
  return pages.length > 1 && sum(pages.at(-1) ?? []) < LEAST_FILLED * room;
}

function groupsOf(blocks: readonly Block[]): readonly Block[][] {
  const groups: Block[][] = [];
  blocks.forEach((block, at) => {
    if (at > 0 && blocks[at - 1]?.keep === true) groups.at(-1)?.push(block);
    else groups.push([block]);
  });
  return groups;
}

function fillLast(pages: Block[][][], room: number): void {
  const [before, last] = [pages.at(-2), pages.at(-1)];
  if (before === undefined || last === undefined) return;
  while (heightOf(last) < LEAST_FILLED * room && heightOf(before) > heightOf(last)) {
    const group = before.at(-1);
    if (group === undefined || heightOf([group, ...last]) > room) return;
    before.pop();
    last.unshift(group);
  }
}

/** Returns the blocks of a page, with the head of a table that goes on from the page before. */
function laidOut(groups: readonly Block[][]): readonly Block[] {
  const blocks = groups.flat();
  const head = blocks[0]?.head;
  return head === undefined ? blocks : [head, ...blocks];
}

const sum = (blocks: readonly Block[]): number => blocks.reduce((all, { height }) => all + height, 0);

const heightOf = (groups: readonly Block[][]): number => sum(laidOut(groups));
