/** Words of terms of payment in eight languages. */

/** Words that make a number of days a term of payment. */
export const PAYMENT = words(`
  pay payable paid payment payments net terms term due remit settle settlement transfer
  zahlbar zahlung zahlungsziel zahlungsbedingungen zahlungsbedingung zahlungskonditionen zahlungsfrist zahlen bezahlen überweisen überweisung begleichen fällig fälligkeit netto ziel rein zu ohne abzug rechnungserhalt rechnungsdatum zahlweise
  payer paiement règlement payable régler échéance net virement facture
  pago pagar pagos vencimiento transferencia abonar
  pagamento pagamenti pagare pagabile scadenza bonifico saldo
  pagável vencimento transferência prazo
  betalen betaling betaaltermijn betalingstermijn betalingsconditie betalingscondities betalingsvoorwaarden voldoen maken overmaken vervaldag vervaldatum over
  płatność płatności płatne zapłata zapłaty przelew termin zapłacić
`);

/** Words of a clause that grants a discount, or that is about another delay. */
export const OTHER_CLAUSE = words(`
  discount rebate interest late overdue unpaid refund refunds return returns returned cancel cancelled cancellation warranty guarantee deliver delivery complaint complaints trial overdue notice arrears
  skonto rabatt nachlass verzug verzugszinsen mahnung widerruf rückgabe umtausch lieferzeit lieferung garantie gewährleistung kündigung reklamation reklamationen beanstandungen mahngebühr
  escompte pénalités pénalité retard retour rétractation livraison garantie réclamation indemnité
  descuento devolución devoluciones entrega garantía demora intereses reclamaciones
  sconto interessi mora reso consegna garanzia reclami recesso
  desconto juros atraso devolução garantia reclamações
  korting kredietbeperking rente retour levering garantie reclamaties reclames te-laat
  rabat skonto odsetki zwrot dostawa gwarancja reklamacja opóźnienie upust
`);

/** Words that take back the next word: `ohne Skonto`, `sans escompte`. */
export const WITHOUT = words('without no ohne kein keine sans sin senza zonder sem bez');

/** Words that join two terms in one sentence: the discounted one and the net one. */
export const JOINTS = words(
  'or otherwise oder sonst ansonsten danach ou sinon o oppure altrimenti of anders lub albo resp bzw',
);

/** Units of a term. */
export const UNITS: ReadonlyMap<string, 'day' | 'week' | 'month'> = new Map([
  ...entries(
    'day days d tag tage tagen jour jours jrs día días dia dias d giorno giorni gg dag dagen dgn dzień dni',
    'day' as const,
  ),
  ...entries(
    'week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzień tygodni tygodnie',
    'week' as const,
  ),
  ...entries(
    'month months monat monate monaten mois mes meses mese mesi maand maanden mês miesiąc miesiąca miesiące',
    'month' as const,
  ),
]);

/** Numbers in words. */
export const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...entries('one a ein einem einer eines une un uno una een één um uma jeden', 1),
  ...entries('two zwei deux dos due twee dois duas dwa dwóch', 2),
  ...entries('three drei trois tres tre drie três trzy trzech', 3),
  ...entries('four vier quatre cuatro quattro quatro cztery', 4),
  ...entries('seven sieben sept siete sette zeven sete siedem siedmiu', 7),
  ...entries('eight acht huit ocho otto oito osiem', 8),
  ...entries('ten zehn dix diez dieci tien dez dziesięć dziesięciu', 10),
  ...entries('fourteen vierzehn quatorze catorce quattordici veertien catorze czternaście czternastu', 14),
  ...entries('fifteen fünfzehn quinze quince quindici vijftien piętnaście', 15),
  ...entries('twenty zwanzig vingt veinte venti twintig vinte dwadzieścia', 20),
  ...entries('thirty dreißig dreissig trente treinta trenta dertig trinta trzydzieści trzydziestu', 30),
  ...entries('sixty sechzig soixante sesenta sessanta zestig sessenta sześćdziesiąt', 60),
]);

/** Phrases that demand payment with the invoice itself. */
export const AT_ONCE =
  /(?:up)?on receipt|immediate|prompt(?:ly)?\b|cash on delivery|sofort|umgehend|bei erhalt|nach erhalt der rechnung|unverzüglich|à réception|a réception|comptant|immédiat|al contado|contado|inmediat|a la recepción|a vista|rimessa diretta|immediat|alla consegna|alla ricezione|pronto pagamento|direct (?:te )?(?:betalen|voldoen|opeisbaar)|per direct|bij ontvangst|contant|à vista|imediat|natychmiast|przy odbiorze|gotówk/iu;

/** Phrases that move a term to the end of its month. */
export const END_OF_MONTH =
  /end of (?:the )?month|\beom\b|monatsende|ende (?:des|vom) monats?|zum ultimo|fin de mois|\bfdm\b|fin de mes|fine mese|\bf\.?m\.?\b|einde (?:van de )?maand|eind maand|fim do m[êe]s|koniec miesiąca|końca miesiąca/iu;

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

function entries<T>(text: string, value: T): [string, T][] {
  return text.split(' ').map((word) => [word, value]);
}
