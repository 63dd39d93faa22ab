/** Reads one page: believes what is text, recognises what is picture, and settles doubts about the text layer. */
import type { TextEngine } from './engine.ts';
import { shrink, type GrayPage } from './gray.ts';
import { assemblePage, withNotes, type ReadPicture } from './pdf/assembly.ts';
import { languageFacts } from './languages/hint.ts';
import { onPage, WHOLE_PAGE, type Box } from './pdf/boxes.ts';
import { cut, darkOnLight } from './pdf/ink.ts';
import { writingOn } from './pdf/letters.ts';
import { pageTextOf, type PageText } from './pdf/page-text.ts';
import { toShownPlace, type Uprighting } from './pdf/placing.ts';
import { likeness } from './pdf/plausible.ts';
import type { PageReading, ReadPageRequest, Word } from './port.ts';
import { qualityOf } from './quality.ts';
import { POOR, readPrepared, recognise, unreadOf } from './recognise.ts';
import type { SourceFile } from './sources/source.ts';

/** Likeness from which recognising the page confirms its text layer. */
const CONFIRMED = 0.5;
/** Share of the page from which a picture is a scan of its own, whose tilt and turn are worth correcting. */
const LARGE = 0.15;
/** White border around a small picture, in pixels at 300 dpi, without which the engine misses words at its edge. */
const BORDER = 24;

/** Reads what a PDF page says by itself, unless the caller wants its picture only. */
export function ownText(source: SourceFile, request: ReadPageRequest): PageText | undefined {
  if (source.pdf === undefined || request.forceOcr || request.page >= source.pages || request.page < 0)
    return undefined;
  return pageTextOf(source.pdf, request.page);
}

/** Reads a page; `own` is what {@link ownText} found on it. */
export async function readPageWith(
  own: PageText | undefined,
  source: SourceFile,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<PageReading> {
  if (own?.layer === 'believed') return readPictures(own, source, request, engine);
  const recognised = await recognise(source, request, engine);
  if (own === undefined) return recognised;
  if (own.layer === 'doubtful' && isConfirmed(own, recognised)) return readPictures(own, source, request, engine);
  if (own.layer === 'doubtful' && qualityOf(recognised) < POOR) return unsure(own, recognised);
  const { rotation, skew } = recognised;
  return withNotes(recognised, own.notes, { width: own.width, height: own.height, rotation, skew });
}

function isConfirmed(own: PageText, recognised: PageReading): boolean {
  return likeness(own.text, recognised.text) >= CONFIRMED;
}

/** Keeps a doubtful layer where nothing better can be had, and says so. */
function unsure(own: PageText, recognised: PageReading): PageReading {
  const confidence = likeness(own.text, recognised.text);
  const doubted = { ...own, words: own.words.map((word): Word => ({ ...word, confidence })) };
  const reason = 'The text layer looks like nonsense, and recognising the page did not confirm it.';
  return assemblePage(
    recognised.page,
    doubted,
    [{ box: WHOLE_PAGE, words: [], unread: { box: WHOLE_PAGE, reason } }],
    '',
  );
}

type Read = Pick<PageReading, 'words' | 'rotation' | 'skew' | 'language' | 'hint'>;

async function readPictures(
  own: PageText,
  source: SourceFile,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<PageReading> {
  const pictures: ReadPicture[] = [];
  if (own.pictures.length > 0) {
    await source.check(request.page);
    const page = await source.gray(request.page);
    for (const box of own.pictures) pictures.push(await readPicture(page, box, request, engine));
  }
  return assemblePage(request.page, own, pictures, engine.name);
}

async function readPicture(
  page: GrayPage,
  box: Box,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<ReadPicture> {
  const inner = darkOnLight(cut(page, box));
  const isLarge = (box[2] - box[0]) * (box[3] - box[1]) >= LARGE;
  const writing = isLarge ? 'letters' : writingOn(inner);
  if (writing === 'none') return { box, words: [] };
  const part = framed(inner);
  const reading =
    request.preprocess && isLarge
      ? await readPrepared(part, 0, request, engine)
      : await readSmall(part, request, engine);
  const place = placeIn(page, box, part, { width: part.width, height: part.height, ...turnOf(reading) });
  const reason = unreadOf(reading, part);
  if (reason === undefined) {
    const words = reading.words.map((word) => ({ ...word, box: place(word.box) }));
    return { box, words, language: reading.language, hint: reading.hint };
  }
  // Words that are more likely wrong than right would only spoil the text around them.
  return writing === 'letters' ? { box, words: [], unread: { box, reason } } : { box, words: [] };
}

/** Reads a small picture, and once more at half its size when it reads badly, because logos have letters of any size. */
async function readSmall(part: GrayPage, request: ReadPageRequest, engine: TextEngine): Promise<Read> {
  const first = await engine.read(part, request.language);
  const again = qualityOf(first) >= POOR ? first : await engine.read(shrink(part, 2), request.language);
  const reading = qualityOf(again) > qualityOf(first) ? again : first;
  return { words: reading.words, rotation: 0, skew: 0, ...languageFacts(reading.text, reading.language) };
}

function turnOf({ rotation, skew }: Read): Pick<Uprighting, 'rotation' | 'skew'> {
  return { rotation, skew };
}

/** Converts places on a framed part to places on its page. */
function placeIn(page: GrayPage, outer: Box, part: GrayPage, upright: Uprighting): (box: Box) => Box {
  const left = Math.floor(outer[0] * page.width) - BORDER;
  const top = Math.floor(outer[1] * page.height) - BORDER;
  return (box) => {
    const [one, two, three, four] = toShownPlace(box, upright);
    return onPage([
      (left + one * part.width) / page.width,
      (top + two * part.height) / page.height,
      (left + three * part.width) / page.width,
      (top + four * part.height) / page.height,
    ]);
  };
}

function framed(part: GrayPage): GrayPage {
  const width = part.width + 2 * BORDER;
  const height = part.height + 2 * BORDER;
  const data = new Uint8Array(width * height).fill(255);
  for (let row = 0; row < part.height; row += 1) {
    const line = part.data.subarray(row * part.width, (row + 1) * part.width);
    data.set(line, (row + BORDER) * width + BORDER);
  }
  return { width, height, data, dpi: part.dpi };
}
