/** Recognises the picture of a page or of a part of it, upright and straightened. */
import type { TextEngine } from './engine.ts';
import { addTurns, turn } from './gray.ts';
import type { GrayPage, Turn } from './gray.ts';
import { stateOf } from './pdf/assembly.ts';
import { WHOLE_PAGE } from './pdf/boxes.ts';
import { looksWritten } from './pdf/ink.ts';
import { languageFacts } from './languages/hint.ts';
import type { PageReading, ReadPageRequest, Word } from './port.ts';
import { preparePage, smallCopy } from './prepare.ts';
import type { PreparedPage } from './prepare.ts';
import { qualityOf } from './quality.ts';
import type { SourceFile } from './sources/source.ts';
import type { EngineReading } from './tsv.ts';

/**
 * Quality below which other orientations are tried: upside-down text scores 0.25, poor scans 0.7, upright text 0.95.
 */
export const POOR = 0.6;
/** Quality below which a picture counts as not read. */
const UNSURE = 0.4;
/** Factor by which another orientation must be better before it replaces the first guess. */
const CLEARLY_BETTER = 1.25;
/** Formats that every build of tesseract's picture library reads. */
const READ_AS_FILES: readonly string[] = ['image/png', 'image/jpeg', 'image/tiff'];

/** Recognises the picture of a whole page. */
export async function recognise(
  source: SourceFile,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<PageReading> {
  const noted = await source.check(request.page);
  const gray = (): Promise<GrayPage> => source.gray(request.page);
  if (request.preprocess) return readPrepared(await gray(), noted, request, engine);
  if (READ_AS_FILES.includes(source.mediaType) && engine.readFile !== undefined)
    return toPageReading(await engine.readFile(source.path, request.page, request.language), request.page, engine);
  const page = await gray();
  return toPageReading(await engine.read(page, request.language), request.page, engine, { page, rotation: 0, skew: 0 });
}

/** Recognises a picture made upright, straight and clean; other orientations are tried when it reads badly. */
export async function readPrepared(
  page: GrayPage,
  noted: Turn,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<PageReading> {
  const prepared = await preparePage(page, noted);
  const blank = isBlank(prepared.page);
  const reading = blank
    ? nothingOn(prepared.page, request.language)
    : await engine.read(prepared.page, request.language);
  const finish = (made: PreparedPage, read: EngineReading): PageReading =>
    toPageReading(read, request.page, engine, made);
  const quality = qualityOf(reading);
  if (blank || quality >= POOR) return finish(prepared, reading);
  const better = await betterTurn(prepared, quality, request.language, engine);
  if (better === 0) return finish(prepared, reading);
  const turned = { ...prepared, page: turn(prepared.page, better), rotation: addTurns(prepared.rotation, better) };
  const again = await engine.read(turned.page, request.language);
  return qualityOf(again) > quality ? finish(turned, again) : finish(prepared, reading);
}

/** Tries the other orientations on a small copy; where the axis of the lines is clear, only the opposite one. */
export async function betterTurn(
  prepared: PreparedPage,
  quality: number,
  language: string,
  engine: TextEngine,
): Promise<Turn> {
  const small = smallCopy(prepared.page);
  const candidates: readonly Turn[] = prepared.axisFirm ? [180] : [180, 90, 270];
  let best: Turn = 0;
  let bestQuality = Math.max(quality, 0.2) * CLEARLY_BETTER;
  for (const candidate of candidates) {
    const tried = qualityOf(await engine.read(turn(small, candidate), language));
    if (tried <= bestQuality) continue;
    best = candidate;
    bestQuality = tried;
  }
  return best;
}

/** Tells whether a page has one shade only and so nothing to read. */
export function isBlank(page: GrayPage): boolean {
  let least = 255;
  let most = 0;
  for (const value of page.data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most - least < 24;
}

function nothingOn({ width, height }: GrayPage, language: string): EngineReading {
  return { width, height, text: '', words: [], confidence: 0, language };
}

interface Made {
  readonly page: GrayPage;
  readonly rotation: Turn;
  readonly skew: number;
}

/** Builds a reading; `made` is the picture that the engine saw, unless the engine opened the file itself. */
function toPageReading(reading: EngineReading, page: number, engine: TextEngine, made?: Made): PageReading {
  const { language, ...read } = reading;
  const unread = unreadOf(reading, made?.page);
  return {
    ...read,
    ...languageFacts(reading.text, language),
    ...stateOf(reading.words, unread === undefined ? [] : [{ box: WHOLE_PAGE, reason: unread }]),
    page,
    rotation: made?.rotation ?? 0,
    skew: made?.skew ?? 0,
    origin: 'ocr',
    engine: engine.name,
  };
}

/** Says why a picture counts as not read; `undefined` when it counts as read. */
export function unreadOf({ words }: { readonly words: readonly Word[] }, picture?: GrayPage): string | undefined {
  const letters = words.reduce((sum, { text }) => sum + text.length, 0);
  const quality = qualityOf({ words });
  if (letters >= 4 && quality < UNSURE)
    return `Writing was recognised with a confidence of ${String(Math.round(quality * 100))} % only.`;
  if (words.length === 0 && picture !== undefined && !isBlank(picture) && looksWritten(picture))
    return 'There seems to be writing, but no word was recognised.';
  return undefined;
}
