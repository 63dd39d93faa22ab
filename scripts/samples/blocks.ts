/** Short functions for the blocks that most pages consist of. */
import type { Align, Block, FontName, TextBlock } from './layout.ts';

/** Returns a paragraph. */
export function para(text: string, font: FontName = 'serif', size = 11, after = 8): TextBlock {
  return { kind: 'text', text, font, size, after };
}

/** Returns a heading. */
export function head(text: string, size = 16, font: FontName = 'serifBold', align: Align = 'left'): TextBlock {
  return { kind: 'text', text, font, size, align, after: size * 0.6 };
}

/** Returns lines that stay together, such as an address. */
export function lines(rows: readonly string[], font: FontName = 'serif', size = 11, align: Align = 'left'): TextBlock {
  return { kind: 'text', text: rows.join('\n'), font, size, align, after: 14 };
}

/** Returns the head of a letter from Perennial. */
export function letterhead(date: string): Block[] {
  return [
    head('Perennial', 22),
    lines(['Plants that return each spring', 'Orchard Lane 12, Fernhollow'], 'serifItalic', 10),
    { kind: 'rule', after: 18 },
    { kind: 'text', text: date, font: 'serif', size: 11, align: 'right', after: 14 },
  ];
}
