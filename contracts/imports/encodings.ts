/** The encodings of text that imports read: those of the WHATWG Encoding Standard, by any of their labels. */

/**
 * The names of the encodings. `latin1` is ISO 8859-1 to the letter, whereas the standard reads its labels as
 * windows-1252. The standard's `replacement` stands for encodings that nobody may decode, and is left out.
 */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'latin1',
  'ibm866',
  'iso-8859-2',
  'iso-8859-3',
  'iso-8859-4',
  'iso-8859-5',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'iso-8859-8-i',
  'iso-8859-10',
  'iso-8859-13',
  'iso-8859-14',
  'iso-8859-15',
  'iso-8859-16',
  'koi8-r',
  'koi8-u',
  'macintosh',
  'windows-874',
  'windows-1250',
  'windows-1251',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'x-mac-cyrillic',
  'gbk',
  'gb18030',
  'big5',
  'euc-jp',
  'iso-2022-jp',
  'shift_jis',
  'euc-kr',
  'x-user-defined',
] as const;

/** The name of an encoding. */
export type Encoding = (typeof ENCODINGS)[number];

/** Labels of an encoding that the decoder of Node.js does not know. */
const MORE_LABELS: Readonly<Record<string, Encoding>> = {
  csisolatin10: 'iso-8859-16',
  'iso8859-16': 'iso-8859-16',
  iso885916: 'iso-8859-16',
  'utf-16': 'utf-16le',
  cp1252: 'windows-1252',
};

/** What is expected where a label is wrong. */
export const ENCODING_EXPECTED =
  'an encoding of the WHATWG Encoding Standard, such as utf-8, utf-16le, windows-1252, windows-1251, shift_jis or gb18030';

/** Finds an encoding by its name or another label, whatever the case; `undefined` for an unknown one. */
export function encodingOf(label: string): Encoding | undefined {
  const name = label.trim().toLowerCase();
  return exact(name) ?? MORE_LABELS[name] ?? standard(name);
}

function exact(name: string): Encoding | undefined {
  return ENCODINGS.find((encoding) => encoding === name);
}

function standard(label: string): Encoding | undefined {
  try {
    return exact(new TextDecoder(label).encoding);
  } catch {
    return undefined;
  }
}
