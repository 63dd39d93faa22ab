/** An invoice with its layout, its labels, and the conventions that hold for the whole document. */
import type { PageReading } from '../../ocr/port.ts';
import { AMOUNT_WORDS } from '../amounts/amount-labels.ts';
import type { DecimalSign } from '../amounts/amounts.ts';
import { createKeyMaker } from './keys.ts';
import { COLUMN_LABELS } from '../fields/column-labels.ts';
import { FIELD_LABELS, type LabelKind } from '../fields/labels.ts';
import { layoutPage, type PageLayout, type Row } from './layout.ts';
import { findPhrases, type PhraseMatch } from './phrases.ts';

/** A label and its place. */
export interface PlacedLabel {
  readonly layout: PageLayout;
  readonly row: Row;
  readonly rowIndex: number;
  readonly match: PhraseMatch<LabelKind>;
  /** All labels of the row, in order. */
  readonly siblings: readonly PhraseMatch<LabelKind>[];
}

/** A document ready for the extractors. */
export interface InvoiceDocument {
  readonly layouts: readonly PageLayout[];
  readonly labels: readonly PlacedLabel[];
  /** Absent when the document gives no evidence. */
  readonly decimalSign?: DecimalSign;
}

const VOCABULARY: ReadonlySet<string> = new Set([...FIELD_LABELS.words, ...COLUMN_LABELS.words, ...AMOUNT_WORDS]);

const COMMA_DECIMALS = /^\D{0,4}\d{1,3}(?:[.'’]?\d{3}){0,4},\d{2}\D{0,4}$/;
const DOT_DECIMALS = /^\D{0,4}\d{1,3}(?:[,'’]?\d{3}){0,4}\.\d{2}\D{0,4}$/;

function decimalSignOf(layouts: readonly PageLayout[]): DecimalSign | undefined {
  let [commas, dots] = [0, 0];
  for (const row of layouts.flatMap((layout) => layout.rows)) {
    for (const { text } of row.tokens) {
      if (text.length > 24) continue;
      if (COMMA_DECIMALS.test(text)) commas += 1;
      else if (DOT_DECIMALS.test(text)) dots += 1;
    }
  }
  if (commas === dots) return undefined;
  return commas > dots ? ',' : '.';
}

function labelsOf(layout: PageLayout): PlacedLabel[] {
  return layout.rows.flatMap((row, rowIndex) => {
    const siblings = findPhrases(row.tokens, FIELD_LABELS);
    return siblings.map((match) => ({ layout, row, rowIndex, match, siblings }));
  });
}

/** Lays out all pages. */
export function openDocument(pages: readonly PageReading[]): InvoiceDocument {
  const toKey = createKeyMaker(VOCABULARY);
  const layouts = pages.map((page) => layoutPage(page, toKey));
  const decimalSign = decimalSignOf(layouts);
  return { layouts, labels: layouts.flatMap(labelsOf), ...(decimalSign === undefined ? {} : { decimalSign }) };
}
