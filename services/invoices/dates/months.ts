/** Names of the months in English, German, French, Spanish, Dutch, Italian, Portuguese and Polish, with their usual short forms. */
import { fold } from '../page/keys.ts';

const NAMES: readonly string[] = [
  'january jan januar jänner janvier janv enero ene januari gennaio gen janeiro styczeń stycznia',
  'february feb febr februar feber février févr fév fevr febrero februari febbraio febb fevereiro luty lutego fev',
  'march mar märz maerz mrz mars marzo maart mrt marz março marzec marca',
  'april apr avril avr abril abr aprile kwiecień kwietnia',
  'may mai mayo mei maggio mag maio maj maja',
  'june jun juni juin junio giugno giu junho czerwiec czerwca',
  'july jul juli juillet juil julio luglio lug julho lipiec lipca',
  'august aug août aout agosto ago augustus agos sierpień sierpnia',
  'september sep sept septembre septiembre setiembre set settembre sett setembro wrzesień września',
  'october oct oktober okt octobre octubre ottobre ott outubro październik października out',
  'november nov novembre noviembre novembro listopad listopada',
  'december dec dezember dez décembre déc diciembre dic dicembre dezembro grudzień grudnia',
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
