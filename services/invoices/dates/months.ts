/** Names of the months in English, German, French, Spanish, Dutch and Italian, with their usual short forms. */
import { fold } from '../page/keys.ts';

const NAMES: readonly string[] = [
  'january jan januar jänner janvier janv enero ene januari gennaio gen',
  'february feb febr februar feber février févr fév fevr febrero februari febbraio febb',
  'march mar märz maerz mrz mars marzo maart mrt marz',
  'april apr avril avr abril abr aprile',
  'may mai mayo mei maggio mag',
  'june jun juni juin junio giugno giu',
  'july jul juli juillet juil julio luglio lug',
  'august aug août aout agosto ago augustus agos',
  'september sep sept septembre septiembre setiembre set settembre sett',
  'october oct oktober okt octobre octubre ottobre ott',
  'november nov novembre noviembre',
  'december dec dezember dez décembre déc diciembre dic dicembre',
];

function monthTable(): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  NAMES.forEach((names, index) => {
    for (const name of names.split(' ')) table.set(fold(name), index + 1);
  });
  return table;
}

const MONTHS = monthTable();

/** Repairs month names that OCR read with 0 for O or 1 for l: `0ctober`, `Apri1`, `Ju1y`. */
function repaired(folded: string): string[] {
  return [
    folded.replaceAll('0', 'o').replaceAll('1', 'l'),
    folded.replaceAll('0', 'o').replaceAll('1', 'i'),
    folded.replaceAll('l', 'i'),
  ];
}

/** Returns the month of a name, 1 to 12. */
export function monthOf(name: string): number | undefined {
  if (name.length > 14) return undefined;
  const folded = fold(name);
  const exact = MONTHS.get(folded);
  if (exact !== undefined) return exact;
  return repaired(folded)
    .map((form) => MONTHS.get(form))
    .find((month) => month !== undefined);
}
