/** What the letters of languages tell about the encoding of a text. */
import type { Encoding } from '../../../contracts/imports/encodings.ts';

/** Letters beyond a to z, in lower case, of the languages that a one-byte encoding of Latin script is used for. */
export const LATIN: readonly (readonly [Encoding, readonly string[]])[] = [
  [
    'windows-1252',
    [
      'äöüß',
      'àâæçéèêëîïôœùûüÿ',
      'áéíñóúüªº',
      'áâãàçéêíóôõúüªº',
      'àèéìíîòóùú',
      'áéèëïíóöüú',
      'åäöéü',
      'åæøéòôü',
      'áðéíóúýþæö',
      'àçèéíïòóúü·',
      'äõöüšž',
    ],
  ],
  ['windows-1250', ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž']],
  ['iso-8859-2', ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž']],
  ['windows-1254', ['çğıiöşüâîû']],
  ['windows-1257', ['ąčęėįšųūž', 'āčēģīķļņōŗšūž', 'äõöüšž']],
  ['iso-8859-13', ['ąčęėįšųūž', 'āčēģīķļņōŗšūž']],
  ['macintosh', ['äöüß', 'àâæçéèêëîïôœùûüÿ', 'áéíñóúüªº', 'áâãàçéêíóôõúü', 'àèéìíîòóùú', 'åäöéü', 'åæøé']],
];

/** The commonest letters, in lower case, of a script of its own, in the encodings that are used for it. */
export const SCRIPTS: readonly {
  readonly encodings: readonly Encoding[];
  readonly script: RegExp;
  readonly common: string;
}[] = [
  {
    encodings: ['windows-1251', 'koi8-u', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic'],
    script: /^\p{Script=Cyrillic}+$/u,
    common: 'оеаинтсрвлкмі',
  },
  {
    encodings: ['windows-1253', 'iso-8859-7'],
    script: /^\p{Script=Greek}+$/u,
    common: 'αοιετσνηυρςκπάίόήέύ',
  },
  { encodings: ['windows-1255', 'iso-8859-8'], script: /^\p{Script=Hebrew}+$/u, common: 'יוהלארתבמשנםדק' },
  { encodings: ['windows-1256', 'iso-8859-6'], script: /^\p{Script=Arabic}+$/u, common: 'اليمنورتبعدحسةهكف' },
  { encodings: ['windows-874'], script: /^\p{Script=Thai}+$/u, common: 'านรอกเงมยลวดทสตะปบคหแชพขจ่้ิีั์ุไาำโ' },
];

/** The commonest characters in texts, names and addresses, in the encodings of two bytes per character. */
export const IDEOGRAPHS: readonly { readonly encoding: Encoding; readonly common: RegExp }[] = [
  {
    encoding: 'shift_jis',
    common:
      /[\u3041-\u3096\u30a1-\u30fa\u30fc日本東京都大阪府県市区町村株式会社山田中川木林佐藤鈴高橋伊渡辺小加吉松井野原島口石上下前後年月額数量品番号名住所電話社長部課一二三子美男女郎人国学生金合計円]/gu,
  },
  {
    encoding: 'euc-jp',
    common:
      /[\u3041-\u3096\u30a1-\u30fa\u30fc日本東京都大阪府県市区町村株式会社山田中川木林佐藤鈴高橋伊渡辺小加吉松井野原島口石上下前後年月額数量品番号名住所電話社長部課一二三子美男女郎人国学生金合計円]/gu,
  },
  {
    encoding: 'euc-kr',
    common:
      /[이다는가에의을를고지한로하기사리자은도나시어서일대인아해수정김박최강조윤장임울구동산부성주호민영현우진경광원식회전라남북미제안유보국중학생세관상오신무문천당용모원금액명번날짜름소품량]/gu,
  },
  {
    encoding: 'gb18030',
    common:
      /[的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里北京海广东省市区县路号楼室公司有限科技王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯董金额数量单价名称日期编产品电话地址姓]/gu,
  },
  {
    encoding: 'big5',
    common:
      /[的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作里臺台北高雄南市縣區路號樓室公司有限股份王李張劉陳楊趙黃周吳林蔡許鄭謝郭洪曾金額數量單價名稱日期編產品電話地址姓]/gu,
  },
];
