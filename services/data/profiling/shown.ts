import { SHOWN_CHARACTERS } from '../../../contracts/data/vocabulary.ts';

/** Returns the beginning of a text as a report shows it, without control characters. */
export function shown(text: string): string {
  const clean = text.slice(0, SHOWN_CHARACTERS + 1).replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.length <= SHOWN_CHARACTERS
    ? clean
    : `${clean.slice(0, SHOWN_CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`;
}
