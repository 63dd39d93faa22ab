/** Labels of invoices in eight languages and the values that they announce. Phrases are separated by `|`. */
import { phraseBook } from '../page/phrases.ts';

/** What a label announces. Kinds named `other…` keep values of similar labels from being taken for ours. */
export type LabelKind =
  | 'number'
  | 'title'
  | 'reference'
  | 'date'
  | 'plainDate'
  | 'dateWord'
  | 'due'
  | 'otherDate'
  | 'otherNumber'
  | 'recipient'
  | 'sender';

/** Labels of the fields above the table. */
export const FIELD_LABELS = phraseBook<LabelKind>({
  number: `
    invoice number | invoice no | invoice num | invoice nr | invoice # | invoice id | invoice code | inv no | inv # | inv number
    | invoice ref | invoice reference | number of invoice | bill number | bill no | bill # | tax invoice no | tax invoice number | tax invoice #
    | document number | document no | receipt number | receipt no | receipt # | credit note number | credit note no | our invoice no
    | rechnungsnummer | rechnungsnr | rechnungs nr | rechnung nr | rechnung nummer | rechnungs nummer | rechnung no | rechnung # | re nr
    | rechnungs-nr | belegnummer | beleg nr | belegnr | rg nr
    | numéro de facture | numéro de la facture | numéro facture | n° de facture | n° facture | no de facture | facture n° | facture no | facture n
    | facture ne | facture numéro | facture # | facture nr | référence facture | réf facture | num facture
    | número de factura | número factura | n° de factura | n° factura | no de factura | núm factura | factura n° | factura no | factura n
    | factura número | factura núm | factura # | factura nr | nro de factura | factura nro
    | factuurnummer | factuur nummer | factuurnr | factuur nr | factuur no | factuur # | factuur n
    | numero fattura | numero di fattura | numero della fattura | n° fattura | fattura n | fattura n° | fattura no | fattura nr | fattura numero
    | fattura # | numero documento | n° documento | fattura num
    | nota de crédito n° | nº fatura | fatura n° | fatura n.º | fatura nº | fatura n | fatura nr | fatura no | número da fatura | número de fatura | n° da fatura | nº da fatura | fatura recibo n° | fatura número | documento n°
    | número de documento | número do documento | nota de crédito nº | factura n.º | número de la factura | nº de factura | nota di credito n
    | faktura nr | faktura vat nr | nr faktury | numer faktury | faktura numer | faktura vat | faktura korygująca nr | faktura korygująca vat nr | faktura proforma nr | faktura pro forma nr | rachunek nr | numer dokumentu
    | creditnota nummer | creditnotanummer | creditfactuurnummer | gutschriftsnummer | gutschrift nr | gutschriftsnr | numéro d'avoir | avoir n° | numéro avoir | stornorechnung nr
    | rechnungs-nummer | invoice no. & date`,
  title: `
    invoice | tax invoice | vat invoice | sales invoice | commercial invoice | bill | receipt | credit note | rechnung | gutschrift | quittung
    | facture | avoir | factura | factuur | fattura | nota de crédito | creditfactuur | nota di credito | fatura | fatura recibo | faktura | faktura korygująca | rachunek | creditnota | factura rectificativa | stornorechnung | nota credito`,
  reference:
    '# | no | nr | n° | nº | number | nummer | numéro | número | numero | ref | reference | référence | referencia | referentie | n.º | numer',
  date: `
    invoice date | invoice dated | date of invoice | date of issue | issue date | issued | issued on | date issued | billing date | bill date
    | tax point | document date | statement date | rechnungsdatum | rechnungs datum | ausstellungsdatum | belegdatum | datum der rechnung | ausgestellt am
    | date de facture | date de la facture | date facture | date de facturation | date d'émission | date d émission | émise le | émis le | facture du
    | fecha de factura | fecha factura | fecha de la factura | fecha de emisión | fecha emisión | fecha de expedición
    | factuurdatum | factuur datum | datum factuur | data fattura | data della fattura | data di emissione | data emissione | data documento
    | date of supply and invoice
    | data da fatura | data de emissão | data emissão | data do documento | emitida em | emitido em | data de la factura
    | data wystawienia | data faktury | wystawiono | wystawiono dnia | data wystawienia faktury | wystawiona dnia
    | date d'établissement | facture en date du | datum der rechnungsstellung | rechnung vom | credit note date | creditnotadatum | fecha de expedición de la factura | emessa il`,
  plainDate: 'date | datum | fecha | data | dated | dnia',
  dateWord: 'den | vom | le | du | del | van | dnia | em | z dnia',
  due: `
    due date | due | due on | due by | payment due | payment due date | date due | pay by | payable by | please pay by | payment deadline
    | fälligkeitsdatum | fällig am | fällig | fälligkeit | zahlbar bis | zahlungsziel | zahlbar bis zum | zu zahlen bis
    | échéance | date d'échéance | date d échéance | date limite de paiement | payable avant le | à payer avant le
    | vencimiento | fecha de vencimiento | fecha vencimiento | vence | fecha límite de pago
    | vervaldatum | vervalt op | te betalen voor | uiterste betaaldatum | betalen voor | betaal voor
    | scadenza | data scadenza | data di scadenza | scade il
    | fälligkeitstermin | zahlungstermin | zahlungsfrist | zahlbar am | zahlungsziel bis | zahlung bis | zahlung bis zum | zahlung fällig am | fällig zum | fällig bis | zahlbar bis spätestens | zahlbar spätestens am
    | à régler avant le | date de règlement | règlement avant le | règlement au plus tard le | payable le | payable au plus tard le | échéance le | à payer pour le | à régler le | date échéance | échéance de paiement | paiement avant le | à payer au plus tard le
    | fecha de pago | fecha límite | pagar antes del | vencimiento el | vencimientos | fecha de vto | fecha vto | vto
    | te voldoen voor | betalen vóór | uiterste betaaldag | betaaldatum | te betalen vóór | te betalen uiterlijk | gelieve te betalen voor | betalen uiterlijk | vervaldag
    | scadenze | data di pagamento | pagamento entro il | da pagare entro il | da pagare entro | scadenza pagamento | data scadenza pagamento
    | data de vencimento | vencimento | data vencimento | pagar até | pagamento até | data limite de pagamento | vence em | data limite | pagável até
    | termin płatności | termin zapłaty | data płatności | płatne do | płatność do | zapłata do | do zapłaty do | płatne do dnia | termin płatności do
    | to be paid by | amount due by | payment due by | pay before | payable on or before | settlement date | payment date | must be paid by`,
  otherDate: `
    delivery date | date of delivery | ship date | shipping date | shipped | order date | date of order | service date | date of service | period
    | service period | billing period | statement period | print date | date printed | start date | end date | date of birth | valid until | contract date
    | lieferdatum | leistungsdatum | leistungszeitraum | liefertermin | bestelldatum | auftragsdatum | zeitraum | abrechnungszeitraum | druckdatum
    | date de livraison | date de commande | période | date de la prestation | date de prestation
    | fecha de entrega | fecha de pedido | fecha pedido | período | periodo | leverdatum | besteldatum | orderdatum | periode
    | data consegna | data di consegna | data ordine | data dell ordine
    | data de entrega | data da encomenda | data do serviço | data de expedição | data da prestação
    | data sprzedaży | data dostawy | data wykonania usługi | data zamówienia | okres rozliczeniowy | data dostawy usługi
    | leistungsmonat | tag der lieferung | liefertag | date de vente | date d'exécution | leveringsdatum | fecha de operación | fecha operación | data ddt | delivered on | supply date | date of supply`,
  otherNumber: `
    account number | account no | account # | account id | customer number | customer no | customer id | customer # | client number | client no | client id
    | order number | order no | order id | order # | sales order | po number | po no | po # | p.o. number | p.o. # | p.o. no | purchase order | purchase order number
    | purchase order no | purchase order # | your reference | your ref | our reference | our ref | vat number | vat no | vat id | vat reg no | vat registration number
    | tax id | tax number | tax no | tax reg no | ein | abn | gst no | gstin | company number | company no | registration number | registration no
    | phone | telephone | tel | fax | iban | bic | swift | sort code | routing number | delivery note | delivery note no | contract number | contract no
    | project number | project no | project | job number | job no | payment terms | terms | page | contact
    | kundennummer | kundennr | kunden nr | kd nr | bestellnummer | bestellnr | bestell nr | auftragsnummer | auftragsnr | auftrags nr | lieferscheinnummer
    | lieferschein nr | lieferscheinnr | ust idnr | ust id nr | ustidnr | ustid | ust id | steuernummer | steuernr | steuer nr | kto nr | kontonummer | blz | handelsregister
    | vertragsnummer | projektnummer | ihr zeichen | unser zeichen | telefon | seite | ansprechpartner | sachbearbeiter
    | numéro de client | numéro client | n° client | code client | client n° | n° de commande | numéro de commande | bon de commande | commande n° | n° tva
    | tva intracommunautaire | n° de tva | siret | siren | rcs | téléphone
    | número de cliente | n° cliente | cliente n° | n° de pedido | número de pedido | pedido | pedido n° | cif | nif | teléfono | código cliente
    | klantnummer | klantnr | klant nr | ordernummer | bestelnummer | btw nummer | btw nr | btw nummer klant | kvk | kvk nummer | kvk nr | telefoon | debiteurnummer | debiteurennummer
    | codice cliente | numero ordine | n° ordine | ordine n | ordine n° | partita iva | p. iva | p.iva | p iva | codice fiscale | telefono | cod fiscale | rif ordine
    | número de contribuinte | contribuinte | contribuinte n° | contribuinte nº | nif | nipc | nº cliente | n.º cliente | cliente nº | código do cliente | telefone | encomenda | encomenda nº | n.º contribuinte | telemóvel | atcud
    | nip | regon | krs | numer klienta | nr klienta | numer zamówienia | nr zamówienia | zamówienie nr | nr konta | numer konta | numer rachunku | nr rachunku bankowego | rachunek bankowy | telefon | konto
    | uid | uid nr | uid nummer | mwst nr | mwst nummer | vat reg | your vat no | vat | ihre ust idnr | ihre ust id | numéro de tva | numéro tva | tva | n° tva intracommunautaire | n° de tva | id iva | número iva`,
  recipient: `
    bill to | billed to | billing to | bill to address | billing address | invoice to | invoiced to | ship to | shipping address | ship to address | sold to | deliver to
    | delivery address | customer | client | customer name | buyer | to | for | attn | attention | recipient | invoice for | prepared for | billed customer
    | rechnungsempfänger | empfänger | rechnungsadresse | rechnungsanschrift | lieferadresse | lieferanschrift | rechnung an | kunde | an | käufer
    | facturé à | facturer à | adresse de facturation | adresse de livraison | destinataire | livré à | à l'attention de | acheteur | adressé à
    | facturar a | facturado a | cliente | dirección de facturación | dirección de envío | destinatario | comprador | datos del cliente | enviar a
    | factuuradres | factuur aan | klant | afleveradres | gefactureerd aan | aan | leveradres
    | intestatario | spett.le | spettabile | spett le | fatturare a | indirizzo di fatturazione | acquirente | committente | cessionario | destinazione
    | exmo(s) sr(s) | exmo.(s) sr.(s) | exmos senhores | exmo senhor | ex.mos srs | exmos srs | exmo(s) senhor(es) | exmo.(s) senhor(es) | faturar a | faturado a | morada de faturação | adquirente | dados do cliente | faturar para
    | nabywca | odbiorca | kupujący | zamawiający | płatnik | adres dostawy | klient | nabywca płatnik
    | kunde auftraggeber | auftraggeber | leistungsempfänger | kundenadresse | invoice address | invoiced party | customer details | bill to customer | client facturé | adresse client | coordonnées client | facturer | datos cliente | cliente datos
    | klantgegevens | factuuradres klant | opdrachtgever | afnemer | cessionario committente | fatturato a | cliente destinatario`,
  sender: `
    from | seller | supplier | vendor | remit to | remit payment to | please remit to | payable to | make checks payable to | make cheques payable to | make all checks payable to | pay to
    | service provider | sold by | issued by | invoice from | billed by | bill from | account name | beneficiary | account holder | company name
    | absender | rechnungssteller | verkäufer | lieferant | kontoinhaber | von | rechnung von | leistungserbringer
    | émetteur | vendeur | fournisseur | prestataire | titulaire | titulaire du compte | de la part de | bénéficiaire
    | emisor | proveedor | vendedor | titular | emitido por | datos del emisor | beneficiario
    | afzender | leverancier | verkoper | ten name van | t.n.v. | tnv
    | fornitore | venditore | emittente | cedente | prestatore | mittente | intestato a
    | vendedor emitente | emitente | fornecedor | prestador | emitido por | dados da empresa
    | sprzedawca | wystawca | dostawca | wystawił | sprzedający | usługodawca
    | auftragnehmer | zahlungsempfänger | leistender | cedente prestatore | datos de la empresa | expedidor | verkopende partij | opdrachtnemer`,
});
