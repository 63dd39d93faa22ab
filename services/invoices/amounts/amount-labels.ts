/**
 * Classifies the words beside an amount. Invoices combine the words of a total freely (`Total incl. 19 % MwSt.`,
 * `Amount excl. VAT`, `Net à payer`), so each word is classified on its own and the combination decides.
 */
import { keyOf } from '../page/keys.ts';
import type { Token } from '../page/layout.ts';

type WordClass =
  | 'total'
  | 'strong'
  | 'weak'
  | 'due'
  | 'net'
  | 'excl'
  | 'onTop'
  | 'incl'
  | 'tax'
  | 'base'
  | 'minus'
  | 'plus'
  | 'withheld'
  | 'paid'
  | 'carry'
  | 'id'
  | 'filler';

/** What an amount is. `adjustment` is a discount or freight between the net sum and the total; `carried` is a sum at the edge of a page. */
export type AmountKind = 'total' | 'due' | 'untaxed' | 'tax' | 'adjustment' | 'withheld' | 'paid' | 'carried';

/** The kind of an amount and how surely its label says so, 0…1. */
export interface AmountLabel {
  readonly kind: AmountKind;
  readonly weight: number;
}

const WORDS: Readonly<Record<WordClass, string>> = {
  total:
    'total totals totale totaal gesamt summe sum ttl total: insgesamt importe totales razem ogółem suma łącznie całość',
  strong: `gesamtbetrag gesamtsumme endsumme endbetrag rechnungsbetrag rechnungssumme rechnungsendbetrag rechnungstotal gesamtpreis bruttobetrag bruttosumme gesamtbrutto
    totaalbedrag factuurbedrag factuurtotaal eindtotaal eindbedrag grand zahlbetrag rechnungsgesamtbetrag gesamtrechnungsbetrag`,
  weak: 'amount betrag montant bedrag importo charges balance saldo solde value invoiced charge kwota wartość valor',
  due: 'due payable pay payer pagar betalen pagare zahlen fallig fällig zahlbar owed owing outstanding offen dû openstaand restant dovuto verschuldigd dovuta offener zapłaty zapłacenia pagável liquidar abonar régler voldoen',
  net: `net netto subtotal nettobetrag nettosumme nettowert zwischensumme subtotaal subtotale nettototal neto nette gesamtnetto warenwert zwischentotal
    nettogesamt netta rechnungsnetto nettopreis nettobedrag sub-total sous-total soustotal sub sous positionssumme warenwert taxable líquido ilíquido líquida`,
  excl: 'excl excluding exclusive ex before ohne sin zonder exclusief escl esclusa escluso without avant ht hors hvat exkl untaxed senza excluded sem bez',
  onTop: 'zzgl zuzüglich zuzgl plus add más piu più',
  incl: 'incl including inclusive inkl inc with mit ttc gross brutto compris incluido incluida inclusief compresa inclusa incluso tvac enthalten enthaltene includes enthält dont incl. darin einschließlich waarvan zawiera comprende',
  tax: `tax vat gst hst pst qst tva iva btw mwst ust mehrwertsteuer umsatzsteuer taxe taxes impuesto impuestos imposta steuer taxes tps tvq igic moms salestax
    steuerbetrag mwstbetrag mehrwertsteuerbetrag cgst sgst igst cuota belasting steuern umst ustbetrag impostas podatek podatku imposto ptu quota`,
  base: 'taxable base imponible imponibile bemessungsgrundlage grundlage maatstaf basis taxfree incidência podstawa',
  minus:
    'discount rabatt remise descuento korting sconto rebate nachlass skonto dto réduction reducción savings promo promotion coupon less abzgl desconto rabat upust escompte',
  plus: `shipping freight delivery handling versand versandkosten fracht porto transport livraison envío envio gastos verzending verzendkosten trasporto spedizione postage
    packaging courier surcharge fee transporte frais lieferkosten spese dostawa wysyłka koszty portes`,
  withheld: 'retención retencion irpf ritenuta withholding wht acconto retenção',
  paid: `paid payment payments deposit anzahlung bezahlt gezahlt acompte versé pagado abonado aanbetaling betaald pagato received prepaid tendered change erhalten
    geleistete previous last vorauszahlung credits credit refund prepayment cash card anticipo réglé zapłacono zaliczka adiantamento liquidado`,
  carry:
    'carried brought forward carryover übertrag seitenübertrag zwischenübertrag reporter sigue riporto riportare overdracht transporteren przeniesienia transporte report',
  id: 'no nr n° number nummer numéro número numero id idnr uid reg registration ident ustid ustidnr iban bic phone tel days tage jours giorni dagen días nip regon nif nipc contribuinte konta konto fällig numer dni dnia',
  filler: `for this the of on in at and invoice invoices our your all a an is to de la le les du des del der die das dem von auf aus bei zu und y e et en op van het dei delle di da il lo
    total's rechnung facture factura factuur fattura amount betrag montant value i.e. usd eur gbp chf cad aud nzd sek nok dkk pln czk jpy inr us dollars euro euros pounds sterling dollar
    rate satz taux tipo sales state city county goods services current net now please state applicable canada local value-added added item items products line lines order account
    january february march april may june july august september october november december order's invoice's bill statement factuurbedrag document documento doc
    à a por al alla zur zum des vom over sur sobre su standard reduced zero federal provincial tarief taxes aliquota rounding ao da das em w tym do na od z za faktury faktura fatura fattura stawka stawki taxa tipo cuota`,
};

/** The first table that lists a word wins, so `filler` may list a word that already has a meaning. */
function wordTable(): ReadonlyMap<string, WordClass> {
  const table = new Map<string, WordClass>();
  for (const kind of Object.keys(WORDS) as WordClass[]) {
    for (const word of WORDS[kind].split(/\s+/)) {
      const key = keyOf(word);
      if (key !== '' && !table.has(key)) table.set(key, kind);
    }
  }
  return table;
}

const CLASSES = wordTable();

/** Keys of all words of amount labels; the key maker repairs misread words towards them. */
export const AMOUNT_WORDS: ReadonlySet<string> = new Set(CLASSES.keys());

type Bag = ReadonlySet<WordClass>;

function hasAny(bag: Bag, ...kinds: readonly WordClass[]): boolean {
  return kinds.some((kind) => bag.has(kind));
}

function isUntaxed(bag: Bag): boolean {
  if (bag.has('excl')) return hasAny(bag, 'total', 'weak', 'strong', 'net', 'tax');
  // `zzgl. MwSt.` alone labels the tax; together with a word for a sum it says that the sum is net.
  if (bag.has('onTop') && bag.has('tax')) return hasAny(bag, 'total', 'strong', 'net');
  if (bag.has('base') && !bag.has('incl')) return true;
  return bag.has('net') && !hasAny(bag, 'due', 'incl');
}

function totalLabel(bag: Bag): AmountLabel | undefined {
  if (bag.has('due')) return { kind: 'due', weight: hasAny(bag, 'total', 'strong', 'net') ? 0.9 : 0.8 };
  if (bag.has('strong')) return { kind: 'total', weight: 1 };
  if (bag.has('total')) return { kind: 'total', weight: bag.has('incl') ? 1 : 0.9 };
  if (bag.has('incl')) return { kind: 'total', weight: 0.7 };
  return bag.has('weak') ? { kind: 'total', weight: 0.35 } : undefined;
}

function sideLabel(bag: Bag): AmountLabel | undefined {
  if (bag.has('carry')) return { kind: 'carried', weight: 0.9 };
  if (bag.has('withheld')) return { kind: 'withheld', weight: 0.9 };
  if (bag.has('paid')) return { kind: bag.has('due') ? 'due' : 'paid', weight: 0.7 };
  if (!hasAny(bag, 'minus', 'plus')) return undefined;
  return bag.has('net') ? { kind: 'untaxed', weight: 0.9 } : { kind: 'adjustment', weight: 0.9 };
}

function taxLabel(bag: Bag): AmountLabel | undefined {
  if (!bag.has('tax')) return undefined;
  const ofTotal = hasAny(bag, 'total', 'strong', 'weak') && hasAny(bag, 'incl', 'due');
  if (ofTotal || bag.has('strong')) return undefined;
  return { kind: 'tax', weight: bag.has('total') ? 0.95 : 0.9 };
}

function labelOf(bag: Bag): AmountLabel | undefined {
  const side = sideLabel(bag);
  if (side !== undefined) return side;
  const vague = bag.has('excl') && !hasAny(bag, 'total', 'weak', 'net');
  if (isUntaxed(bag)) return { kind: 'untaxed', weight: vague ? 0.6 : 0.95 };
  return taxLabel(bag) ?? totalLabel(bag);
}

/** Splits combined words such as `MwSt./VAT` and ignores percentages such as `19%`. */
function classesOf(token: Token, bag: Set<WordClass>): 'known' | 'unknown' | 'none' {
  if (!/\p{L}/u.test(token.text)) return 'none';
  const whole = CLASSES.get(token.key);
  if (whole !== undefined) {
    bag.add(whole);
    return 'known';
  }
  if (/^\p{L}?\d|\d{2}/u.test(token.text)) return 'none';
  const parts = token.text.length > 40 ? [] : token.text.split(/[^\p{L}.]+/u).filter((part) => part.length > 1);
  const known = parts.map((part) => CLASSES.get(keyOf(part))).filter((part) => part !== undefined);
  for (const part of known) bag.add(part);
  return known.length > 0 ? 'known' : 'unknown';
}

/** Classifies the words beside an amount; returns `undefined` when they are not a label. */
export function classifyAmountLabel(tokens: readonly Token[]): AmountLabel | undefined {
  if (tokens.length > 14) return undefined;
  const bag = new Set<WordClass>();
  let [known, unknown] = [0, 0];
  for (const token of tokens) {
    const kind = classesOf(token, bag);
    if (kind === 'known') known += 1;
    if (kind === 'unknown') unknown += 1;
  }
  if (known === 0 || unknown > known || bag.has('id')) return undefined;
  const label = labelOf(bag);
  if (label === undefined) return undefined;
  return { kind: label.kind, weight: label.weight * (unknown === 0 ? 1 : 0.75) };
}
