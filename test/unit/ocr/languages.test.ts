import { describe, expect, it } from 'vitest';
import type { TextEngine } from '../../../services/ocr/engine.ts';
import { withAutomatic } from '../../../services/ocr/languages/automatic.ts';
import { languageHint } from '../../../services/ocr/languages/hint.ts';
import { likelyLanguage } from '../../../services/ocr/languages/likely.ts';

const TEXTS: Readonly<Record<string, string>> = {
  eng: 'The committee said that the report was not ready, and it is to be sent with the other papers by the end of the month.',
  deu: 'Die Rechnung für die Lieferung der Geräte wurde geprüft und ist innerhalb von dreißig Tagen ohne Abzug auf das Konto zu zahlen.',
  fra: 'La facture est payable dans les trente jours; les produits ne sont pas repris et restent, pour une année, sous la garantie du vendeur.',
  spa: 'Los vecinos de la calle dicen que una parte del agua no llega a las casas, pero el ayuntamiento no sabe cuando se arreglará para todos.',
  ita: 'Il contratto della società è stato firmato anche per gli anni che seguono, con una clausola sulla consegna delle merci nella città.',
  por: 'A reunião não foi adiada, mas os documentos são enviados pelo correio para uma morada que ainda não está certa, como foi dito pela direção.',
  nld: 'Het is niet bekend of de goederen voor het einde van de maand worden geleverd, maar er is wel een bericht van de fabriek aan ons gestuurd.',
  swe: 'Det är inte bara vädret som har ändrats; vi kan inte längre odla det som skulle ha varit en god skörd till hösten, och priset har stigit.',
  pol: 'Nie wiadomo, kto był na miejscu, ale wszystko to jest już za nami, oraz do tego nie wraca się więcej przez lata, jak mówi ten człowiek.',
  ces: 'Tento dům je starý a byl postaven pro rodinu, která se nebo odstěhovala, ale jeho zahrada zůstala, jako by na ní někdo pracoval, jak se říká.',
  tur: 'Bu kitap çok eski ve bir çocuk için yazılmış gibi, ama daha sonra bir film olarak da çekildi ve ne kadar iyi olduğu herkesçe bilinir.',
  rus: 'Договор был подписан на год, но он не был продлён, так как для этого из всех условий только одно было выполнено и принято.',
  ell: 'Το συμβόλαιο υπογράφηκε για ένα έτος και δεν ανανεώθηκε',
  jpn: 'この契約は一年間有効であり、更新されない場合はその時点で終了するものとします。',
  kor: '이 계약은 일 년 동안 유효하며 갱신되지 않으면 종료됩니다.',
};

describe('OCR-3 the language of a text', () => {
  it.each(Object.entries(TEXTS))('%s is found', (language, text) => {
    expect(likelyLanguage(text)).toBe(language);
  });

  it('outlives the accents that are lost when German is read as English', () => {
    expect(likelyLanguage(TEXTS['deu']!.replace('ü', 'i').replace('ß', 'B').replace('ä', 'a'))).toBe('deu');
  });

  it.each([
    [
      'an invoice',
      'Invoice No 4711 Date 2024-01-02 ACME Ltd 12 Main Street Total due 1,234.00 Qty Description Unit price VAT 20 %',
    ],
    ['part numbers', 'AB-1234 XJ 99 17 kg 500 ml ref 8891 PO 7782 LES DES 12 DER 4 VAN 5'],
    [
      'names of people',
      'John Smith, Maria de la Cruz, Pierre Dupont, Hans von der Heide, Jan van den Berg, Luis del Rio, Anna da Silva',
    ],
    ['a table', 'Januar 12 14 15 Februar 16 17 18 März 19 20 21'],
    ['nothing', ''],
    ['a few words', 'Die Rechnung ist da'],
  ])('%s is no evidence', (_, text) => {
    expect(likelyLanguage(text)).toBeUndefined();
  });

  it('gives a hint that says what to do', () => {
    expect(languageHint(TEXTS['deu']!, 'eng')).toBe(
      'The text looks like German (deu), but it was read as English (eng). Read it again with language deu, or set OCR_LANGUAGE.',
    );
    expect(languageHint(TEXTS['fra']!, 'eng+deu')).toContain('read as English (eng) and German (deu)');
  });

  it.each([
    ['the language it was read with', 'deu', 'deu'],
    ['one of several', 'deu', 'eng+deu'],
    ['a near relative', 'swe', 'nor'],
    ['Russian that was read as Ukrainian', 'rus', 'ukr'],
  ])('gives no hint for %s', (_, text, language) => {
    expect(languageHint(TEXTS[text]!, language)).toBeUndefined();
  });
});

/** An engine that reads each language with a quality, and the languages that it was asked for. */
function engineOf(page: Readonly<Record<string, readonly [text: string, confidence: number]>>): {
  readonly engine: TextEngine;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const engine: TextEngine = {
    name: 'tesseract',
    installing: (code) => `Install ${code}`,
    languages: () => Promise.resolve(Object.keys(page)),
    read: (_page, language) => {
      asked.push(language);
      const [text, confidence] = page[language] ?? ['', 0];
      const words = text.split(' ').map((word) => ({ text: word, confidence, box: [0, 0, 1, 1] as const, line: 0 }));
      return Promise.resolve({ width: 1, height: 1, text, words, confidence, language });
    },
  };
  return { engine: withAutomatic(engine), asked };
}

const PICTURE = { width: 1, height: 1, data: new Uint8Array(1), dpi: 300 };

describe('OCR-3 language auto', () => {
  const readings = {
    deu: [TEXTS['deu']!, 0.95],
    eng: [TEXTS['deu']!, 0.9],
    fra: [TEXTS['deu']!, 0.8],
    rus: [TEXTS['rus']!, 0.4],
    ell: ['Ρεχνυνγ', 0.4],
  } as const;

  it('reads again in the language that the text looks like, and begins with it on the next page', async () => {
    const { engine, asked } = engineOf(readings);
    expect((await engine.read(PICTURE, 'auto')).language).toBe('deu');
    expect(asked).toEqual(['eng', 'deu']);
    await engine.read(PICTURE, 'auto');
    expect(asked.slice(2)).toEqual(['deu']);
  });

  it('tries one language of each script when the first reads badly', async () => {
    const { engine, asked } = engineOf({ ...readings, eng: ['Hactosuun', 0.5], rus: [TEXTS['rus']!, 0.9] });
    expect((await engine.read(PICTURE, 'auto')).language).toBe('rus');
    expect(asked).toEqual(['eng', 'rus']);
  });

  it('keeps the first language when the likely one is not installed, or reads worse', async () => {
    const { deu: _, ...others } = readings;
    expect((await engineOf(others).engine.read(PICTURE, 'auto')).language).toBe('eng');
    const worse = engineOf({ ...readings, deu: [TEXTS['deu']!, 0.6] });
    expect((await worse.engine.read(PICTURE, 'auto')).language).toBe('eng');
  });

  it('leaves a named language alone', async () => {
    const { engine, asked } = engineOf(readings);
    await engine.read(PICTURE, 'fra');
    expect(asked).toEqual(['fra']);
  });
});
