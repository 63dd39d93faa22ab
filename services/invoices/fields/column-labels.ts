/** Headings of the columns of a table of goods, in eight languages. Phrases are separated by `|`. */
import { phraseBook } from '../page/phrases.ts';

/** Columns of a table of goods and services. */
export type ColumnKind = 'description' | 'item' | 'quantity' | 'unitPrice' | 'price' | 'amount' | 'taxRate' | 'other';

/** Headings of the table. What `item` and `price` mean depends on the other columns. */
export const COLUMN_LABELS = phraseBook<ColumnKind>({
  description: `
    description | item description | product description | service description | description of goods | description of services | details | particulars | services | goods
    | product name | item name | work performed | task | activity | service description | charge description
    | beschreibung | bezeichnung | artikelbezeichnung | leistung | leistungen | leistungsbeschreibung | beschreibung der leistung | text | gegenstand
    | désignation | désignation des produits | libellé | prestation | prestations | description des prestations | détail | nature
    | descripción | concepto | detalle | descripción del producto | omschrijving | beschrijving | dienst
    | descrizione | descrizione articolo | descrizione prestazione | prestazione | descrizione dei beni
    | descrição | designação | descrição do artigo | descrição dos serviços | serviço | serviços | designação do artigo
    | nazwa | nazwa towaru | nazwa towaru lub usługi | nazwa towaru usługi | nazwa usługi | opis | towar | usługa | przedmiot | wyszczególnienie
    | artikelomschrijving | omschrijving artikel | concepto descripción | descripción del servicio | naam | waar | libellé de la prestation | descrizione beni servizi | natura e qualità dei beni`,
  item: `item | items | product | products | service | artikel | produkt | article | articles | produit | producto | artículo | prodotto | articolo | ware | position | positionen | référence | code article | produkty | artigo | artigos | tytuł`,
  quantity: `
    quantity | qty | qty. | quant | hours | hrs | units | qnty | no of units | qty/hrs | hours/qty | days | hrs/qty | pcs | count
    | menge | anzahl | anz | stück | stk | stunden | mge | tage
    | quantité | qté | qte | nombre | heures | nb | jours
    | cantidad | cant | uds | unidades | horas | ctd
    | aantal | hoeveelheid | uren | stuks
    | quantità | q.tà | qta | q tà | ore | q.ta | qtà
    | qtd | qtd. | quant. | quantidade | qtde | horas | unid. | ilość | szt | liczba | godziny | il`,
  unitPrice: `
    unit price | price per unit | unit cost | rate | price each | each | price/unit | unit rate | hourly rate | cost per unit | price per hour | unit net price | net unit price | cost each
    | einzelpreis | e-preis | einzel | stückpreis | preis/einheit | preis pro einheit | vk-preis | ep | stundensatz | einheitspreis | e.-preis | preis je einheit | einzelpreis netto | nettopreis
    | prix unitaire | p.u. | pu | pu ht | p.u. ht | prix unitaire ht | prix unit | prix/unité | tarif | taux horaire | prix unit ht | p.u
    | precio unitario | precio unit | precio ud | p. unitario | precio/ud | p.unit | precio por unidad | tarifa
    | eenheidsprijs | stukprijs | prijs per stuk | prijs per eenheid | stuksprijs | tarief | uurtarief | prijs p/st | per stuk
    | prezzo unitario | prezzo unit | p. unit | prezzo un | prezzo/unità | p. unitario | prezzo cad | tariffa
    | preço unitário | preço unit. | preço unit | p. unit. | pr. unitário | preço/un | p. unitário | pvp | preço un | valor unitário
    | cena netto | cena jednostkowa | cena jedn. netto | cena jedn. | cena jedn | cena jednostkowa netto | cena jednostkowa brutto | cena brutto | cena jedn netto | cena j. netto
    | prix unitaire ttc | p.u. ttc | pu ttc | ansatz | stückpreis netto | einzelpreis brutto | tagessatz | precio unidad | precio unitario sin iva | prijs per eenheid excl btw`,
  price: `price | cost | preis | prix | precio | prijs | prezzo | value | wert | preço | cena | prix ht`,
  amount: `
    amount | line total | total | total price | net amount | total amount | ext price | extended price | extended | extension | subtotal | sub total | line amount | amount due | net total | total net | charge | charges
    | net value | total excl vat | amount excl vat | total cost | sum | net | line net | gross | gross amount | total ex vat | amount ex vat
    | betrag | gesamt | gesamtpreis | zeilenbetrag | summe | nettobetrag | g-preis | gp | gesamtbetrag | gesamt netto | netto | positionspreis | betrag netto | total netto | brutto | gesamtpreis netto
    | montant | montant ht | total ht | prix total | total ttc | montant ttc | prix total ht | montant total | total hors taxe
    | importe | importe total | precio total | total línea | subtotal | importe neto
    | bedrag | totaal | totaalprijs | regeltotaal | totaal excl btw | bedrag excl btw | totaal excl | bedrag ex btw | subtotaal
    | importo | totale | prezzo totale | imponibile | importo totale | totale riga | importo netto
    | valor | valor total | total líquido | total s/ iva | total sem iva | montante | total c/ iva | valor líquido | importância
    | wartość | wartość netto | wartość brutto | kwota | razem | suma | kwota netto | kwota brutto
    | total incl vat | total inc vat | amount incl vat | price incl vat | totaal incl btw | totaal incl | bedrag incl btw | totaal excl. btw | gesamt brutto | betrag brutto | gesamtpreis brutto | total iva incl | importe con iva | importe sin iva | totale ivato | importo ivato
    | line amount excl vat | line total ex vat | net price | gross price | total gross | total net`,
  taxRate: `
    tax | vat | vat % | tax % | vat rate | tax rate | gst | sales tax | gst % | vat code
    | mwst | mwst % | ust | ust % | steuer | steuersatz | mwst satz | steuer % | ust satz | mwst in %
    | tva | taux tva | tva % | taux | % tva | taux de tva | tva en %
    | iva | iva % | % iva | tipo iva | tipo de iva | tipo
    | btw | btw % | btw-tarief | % btw | btw tarief | btw perc
    | aliquota | aliquota iva | al. iva | aliq | aliq iva | cod iva
    | taxa | taxa iva | taxa de iva | taxa % | iva taxa
    | stawka vat | stawka | vat stawka | ptu`,
  other: `
    pos | pos. | # | no | nr | n° | line | sku | item # | item no | item code | item number | product code | part no | part number | code | ref | discount | disc | disc %
    | discount % | unit | uom | units of measure | date | taxed | tax amount | vat amount | article no | art no | s.no | sr no | sl no | hsn | currency
    | art nr | artikelnr | artikelnummer | artikel nr | art.-nr | rabatt | rabatt % | einheit | einh | datum | lfd nr | me
    | remise | remise % | unité | réf | date | montant tva
    | dto | descuento | dto % | código | unidad | fecha | ref | % dto
    | korting | artikelnr | eenheid | datum
    | sconto | sconto % | codice | u.m. | um | unità | data | cod | cod.
    | kwota vat | vat kwota | valor iva | montante iva | cuota | cuota iva | imposta | btw bedrag | mwst betrag | steuerbetrag | desconto | desc | % desc | unid | código | ref.ª | imposto
    | lp | l.p. | jm | j.m. | jednostka | pkwiu | rabat | indeks | kod | gtu | symbol | ean`,
});
