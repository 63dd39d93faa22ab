/** Labels of invoices in six languages and the values that they announce. Phrases are separated by `|`. */
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
    | fattura # | numero documento | n° documento | fattura num`,
  title: `
    invoice | tax invoice | vat invoice | sales invoice | commercial invoice | bill | receipt | credit note | rechnung | gutschrift | quittung
    | facture | avoir | factura | factuur | fattura | nota de crédito | creditfactuur | nota di credito`,
  reference:
    '# | no | nr | n° | nº | number | nummer | numéro | número | numero | ref | reference | référence | referencia | referentie',
  date: `
    invoice date | invoice dated | date of invoice | date of issue | issue date | issued | issued on | date issued | billing date | bill date
    | tax point | document date | statement date | rechnungsdatum | rechnungs datum | ausstellungsdatum | belegdatum | datum der rechnung | ausgestellt am
    | date de facture | date de la facture | date facture | date de facturation | date d'émission | date d émission | émise le | émis le | facture du
    | fecha de factura | fecha factura | fecha de la factura | fecha de emisión | fecha emisión | fecha de expedición
    | factuurdatum | factuur datum | datum factuur | data fattura | data della fattura | data di emissione | data emissione | data documento
    | date of supply and invoice`,
  plainDate: 'date | datum | fecha | data | dated',
  dateWord: 'den | vom | le | du | del | van',
  due: `
    due date | due | due on | due by | payment due | payment due date | date due | pay by | payable by | please pay by | payment deadline
    | fälligkeitsdatum | fällig am | fällig | fälligkeit | zahlbar bis | zahlungsziel | zahlbar bis zum | zu zahlen bis
    | échéance | date d'échéance | date d échéance | date limite de paiement | payable avant le | à payer avant le
    | vencimiento | fecha de vencimiento | fecha vencimiento | vence | fecha límite de pago
    | vervaldatum | vervalt op | te betalen voor | uiterste betaaldatum | betalen voor | betaal voor
    | scadenza | data scadenza | data di scadenza | scade il`,
  otherDate: `
    delivery date | date of delivery | ship date | shipping date | shipped | order date | date of order | service date | date of service | period
    | service period | billing period | statement period | print date | date printed | start date | end date | date of birth | valid until | contract date
    | lieferdatum | leistungsdatum | leistungszeitraum | liefertermin | bestelldatum | auftragsdatum | zeitraum | abrechnungszeitraum | druckdatum
    | date de livraison | date de commande | période | date de la prestation | date de prestation
    | fecha de entrega | fecha de pedido | fecha pedido | período | periodo | leverdatum | besteldatum | orderdatum | periode
    | data consegna | data di consegna | data ordine | data dell ordine`,
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
    | codice cliente | numero ordine | n° ordine | ordine n | ordine n° | partita iva | p. iva | p.iva | p iva | codice fiscale | telefono | cod fiscale | rif ordine`,
  recipient: `
    bill to | billed to | billing to | bill to address | billing address | invoice to | invoiced to | ship to | shipping address | ship to address | sold to | deliver to
    | delivery address | customer | client | customer name | buyer | to | for | attn | attention | recipient | invoice for | prepared for | billed customer
    | rechnungsempfänger | empfänger | rechnungsadresse | rechnungsanschrift | lieferadresse | lieferanschrift | rechnung an | kunde | an | käufer
    | facturé à | facturer à | adresse de facturation | adresse de livraison | destinataire | livré à | à l'attention de | acheteur | adressé à
    | facturar a | facturado a | cliente | dirección de facturación | dirección de envío | destinatario | comprador | datos del cliente | enviar a
    | factuuradres | factuur aan | klant | afleveradres | gefactureerd aan | aan | leveradres
    | intestatario | spett.le | spettabile | spett le | fatturare a | indirizzo di fatturazione | acquirente | committente | cessionario | destinazione`,
  sender: `
    from | seller | supplier | vendor | remit to | remit payment to | please remit to | payable to | make checks payable to | make cheques payable to | make all checks payable to | pay to
    | service provider | sold by | issued by | invoice from | billed by | bill from | account name | beneficiary | account holder | company name
    | absender | rechnungssteller | verkäufer | lieferant | kontoinhaber | von | rechnung von | leistungserbringer
    | émetteur | vendeur | fournisseur | prestataire | titulaire | titulaire du compte | de la part de | bénéficiaire
    | emisor | proveedor | vendedor | titular | emitido por | datos del emisor | beneficiario
    | afzender | leverancier | verkoper | ten name van | t.n.v. | tnv
    | fornitore | venditore | emittente | cedente | prestatore | mittente | intestato a`,
});

/** Columns of a table of goods and services. */
export type ColumnKind = 'description' | 'item' | 'quantity' | 'unitPrice' | 'price' | 'amount' | 'other';

/** Headings of the table. What `item` and `price` mean depends on the other columns. */
export const COLUMN_LABELS = phraseBook<ColumnKind>({
  description: `
    description | item description | product description | service description | description of goods | description of services | details | particulars | services | goods
    | product name | item name | work performed | task | activity | service description | charge description
    | beschreibung | bezeichnung | artikelbezeichnung | leistung | leistungen | leistungsbeschreibung | beschreibung der leistung | text | gegenstand
    | désignation | désignation des produits | libellé | prestation | prestations | description des prestations | détail | nature
    | descripción | concepto | detalle | descripción del producto | omschrijving | beschrijving | dienst
    | descrizione | descrizione articolo | descrizione prestazione | prestazione | descrizione dei beni`,
  item: `item | items | product | products | service | artikel | produkt | article | articles | produit | producto | artículo | prodotto | articolo | ware | position | positionen | référence | code article`,
  quantity: `
    quantity | qty | qty. | quant | hours | hrs | units | qnty | no of units | qty/hrs | hours/qty | days | hrs/qty | pcs | count
    | menge | anzahl | anz | stück | stk | stunden | mge | tage
    | quantité | qté | qte | nombre | heures | nb | jours
    | cantidad | cant | uds | unidades | horas | ctd
    | aantal | hoeveelheid | uren | stuks
    | quantità | q.tà | qta | q tà | ore | q.ta | qtà`,
  unitPrice: `
    unit price | price per unit | unit cost | rate | price each | each | price/unit | unit rate | hourly rate | cost per unit | price per hour | unit net price | net unit price | cost each
    | einzelpreis | e-preis | einzel | stückpreis | preis/einheit | preis pro einheit | vk-preis | ep | stundensatz | einheitspreis | e.-preis | preis je einheit | einzelpreis netto | nettopreis
    | prix unitaire | p.u. | pu | pu ht | p.u. ht | prix unitaire ht | prix unit | prix/unité | tarif | taux horaire | prix unit ht | p.u
    | precio unitario | precio unit | precio ud | p. unitario | precio/ud | p.unit | precio por unidad | tarifa
    | eenheidsprijs | stukprijs | prijs per stuk | prijs per eenheid | stuksprijs | tarief | uurtarief | prijs p/st | per stuk
    | prezzo unitario | prezzo unit | p. unit | prezzo un | prezzo/unità | p. unitario | prezzo cad | tariffa`,
  price: `price | cost | preis | prix | precio | prijs | prezzo | value | wert`,
  amount: `
    amount | line total | total | total price | net amount | total amount | ext price | extended price | extended | extension | subtotal | sub total | line amount | amount due | net total | total net | charge | charges
    | net value | total excl vat | amount excl vat | total cost | sum | net | line net | gross | gross amount | total ex vat | amount ex vat
    | betrag | gesamt | gesamtpreis | zeilenbetrag | summe | nettobetrag | g-preis | gp | gesamtbetrag | gesamt netto | netto | positionspreis | betrag netto | total netto | brutto | gesamtpreis netto
    | montant | montant ht | total ht | prix total | total ttc | montant ttc | prix total ht | montant total | total hors taxe
    | importe | importe total | precio total | total línea | subtotal | importe neto
    | bedrag | totaal | totaalprijs | regeltotaal | totaal excl btw | bedrag excl btw | totaal excl | bedrag ex btw | subtotaal
    | importo | totale | prezzo totale | imponibile | importo totale | totale riga | importo netto`,
  other: `
    pos | pos. | # | no | nr | n° | line | sku | item # | item no | item code | item number | product code | part no | part number | code | ref | tax | vat | vat % | tax % | vat rate | tax rate | gst | sales tax | discount | disc | disc %
    | discount % | unit | uom | units of measure | date | taxed | tax amount | vat amount | article no | art no | s.no | sr no | sl no | hsn | currency
    | art nr | artikelnr | artikelnummer | artikel nr | art.-nr | rabatt | rabatt % | mwst | mwst % | ust | ust % | einheit | einh | datum | steuer | steuersatz | lfd nr | me | mwst satz | steuer %
    | tva | taux tva | tva % | remise | remise % | unité | réf | date | taux | % tva | montant tva
    | iva | iva % | % iva | dto | descuento | dto % | código | unidad | fecha | ref | % dto | tipo iva
    | btw | btw % | btw-tarief | korting | artikelnr | eenheid | datum | % btw | btw tarief
    | sconto | sconto % | codice | u.m. | um | unità | data | aliquota | aliquota iva | cod | cod. | % iva | al. iva`,
});
