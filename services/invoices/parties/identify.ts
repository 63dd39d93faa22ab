/** Identifies the parties of an invoice: the issuer by name and tax number, the buyer by tax number, the account to pay to. */
import { chooseIban, findIbans } from '../bank/accounts.ts';
import { findBic } from '../bank/bic.ts';
import type { Candidate } from '../fields/candidates.ts';
import type { InvoiceDocument } from '../page/document.ts';
import type { Row, Token } from '../page/layout.ts';
import { assignVatIds, findVatIds, type FoundVatId } from '../taxes/vat-ids.ts';
import { findIssuer, windowTokens } from './issuer.ts';
import { partiesOf, partyTokens } from './parties.ts';

/** What is known of the parties; an absent field was not found. */
export interface Parties {
  readonly issuer?: Candidate<string>;
  readonly issuerVatId?: Candidate<string>;
  readonly buyerVatId?: Candidate<string>;
  readonly iban?: Candidate<string>;
  readonly bic?: Candidate<string>;
}

function wordsOf(ids: readonly FoundVatId[], party: FoundVatId['party']): ReadonlySet<Token> {
  const values = new Set(ids.filter((id) => id.party === party).map((id) => id.value));
  // A number repeated in the footer names the party of its other places too.
  return new Set(ids.filter((id) => values.has(id.value)).flatMap((id) => id.tokens));
}

/** Identifies the parties. Tax numbers are found before the name of the issuer, because they tell the parties apart. */
export function readParties(document: InvoiceDocument, tableRows: ReadonlySet<Row>): Parties {
  const parties = partiesOf(document);
  const [first] = document.layouts;
  const buyer = new Set([...partyTokens(parties, 'recipient'), ...(first === undefined ? [] : windowTokens(first))]);
  const ibans = findIbans(document);
  const claimed = new Set(ibans.flatMap((iban) => iban.tokens));
  const ids = findVatIds(document, { buyer, seller: partyTokens(parties, 'sender'), tableRows }, claimed);
  const issuer = findIssuer(document, tableRows, parties, {
    issuer: wordsOf(ids, 'issuer'),
    buyer: wordsOf(ids, 'buyer'),
  });
  const vat = assignVatIds(ids, issuer);
  const iban = chooseIban(ibans, buyer);
  const bic = findBic(document, iban);
  return {
    ...(issuer === undefined ? {} : { issuer }),
    ...(vat.issuer === undefined ? {} : { issuerVatId: vat.issuer }),
    ...(vat.buyer === undefined ? {} : { buyerVatId: vat.buyer }),
    ...(iban === undefined ? {} : { iban: iban.candidate }),
    ...(bic === undefined ? {} : { bic }),
  };
}
