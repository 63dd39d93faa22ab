/** The work of a child process: inspecting files, reading pages and rendering pages. */
import { stat } from 'node:fs/promises';
import sharp from 'sharp';
import { PerennialError } from '../../contracts/failures.ts';
import type { TextEngine } from './engine.ts';
import { addTurns, turn } from './gray.ts';
import type { GrayPage, Turn } from './gray.ts';
import type { ChildSettings, PictureResult, PageTask, PageResults } from './messages.ts';
import type { PageReading, ReadPageRequest, RenderedPage, RenderSettings } from './port.ts';
import { fromGray, preparePage, smallCopy } from './prepare.ts';
import type { PreparedPage } from './prepare.ts';
import { openSource } from './source-file.ts';
import type { SourceFile } from './source-file.ts';
import { readTextLayer } from './text-layer.ts';
import type { EngineReading } from './tsv.ts';

/** Runs one task of a child. */
export type TaskWork = (task: PageTask) => Promise<PageResults[keyof PageResults]>;

/**
 * Quality below which other orientations are tried: upside-down text scores 0.25, poor scans 0.7, upright text 0.95.
 */
const POOR = 0.6;
/** Factor by which another orientation must be better before it replaces the first guess. */
const CLEARLY_BETTER = 1.25;
/** Longer side of the picture that is sent, in pixels; vision models scale larger pictures down themselves. */
const PICTURE_SIDE = 2200;
const JPEG_QUALITY = 85;
/** Formats that every build of tesseract's picture library reads. */
const READ_AS_FILES: readonly string[] = ['image/png', 'image/jpeg', 'image/tiff'];

/**
 * Creates the function with which a child serves tasks. It keeps the last file open, because the pages of one document
 * follow each other.
 */
export function createPageWork(settings: ChildSettings, engine: TextEngine): TaskWork {
  let kept: { readonly key: string; readonly source: SourceFile } | undefined;
  const open = async (path: string): Promise<SourceFile> => {
    const facts = await stat(path).catch(() => undefined);
    const key =
      facts === undefined
        ? undefined
        : `${path}\n${String(facts.size)}\n${String(facts.mtimeMs)}\n${String(facts.ino)}`;
    if (kept !== undefined && kept.key === key) return kept.source;
    kept?.source.pdf?.close();
    kept = undefined;
    const source = await openSource(path, settings);
    if (key !== undefined) kept = { key, source };
    return source;
  };
  return async (task) => {
    switch (task.kind) {
      case 'inspect': {
        const { mediaType, pages } = await open(task.path);
        return { mediaType, pages };
      }
      case 'read':
        return readPage(await open(task.request.path), task.request, engine);
      case 'picture':
        return takePicture(await open(task.request.path), task.request, engine);
      case 'render':
        return drawPage(await open(task.path), task.page, task.settings);
    }
  };
}

async function readPage(source: SourceFile, request: ReadPageRequest, engine: TextEngine): Promise<PageReading> {
  const layer = textLayer(source, request);
  if (layer !== undefined) return layer;
  const noted = await source.check(request.page);
  if (request.preprocess) return readPrepared(await source.gray(request.page), noted, request, engine);
  const reading =
    READ_AS_FILES.includes(source.mediaType) && engine.readFile !== undefined
      ? await engine.readFile(source.path, request.page, request.language)
      : await engine.read(await source.gray(request.page), request.language);
  return toPageReading(reading, request.page, engine, 0, 0);
}

function textLayer(source: SourceFile, request: ReadPageRequest): PageReading | undefined {
  if (source.pdf === undefined || request.forceOcr || request.page >= source.pages || request.page < 0)
    return undefined;
  return readTextLayer(source.pdf, request.page);
}

async function readPrepared(
  page: GrayPage,
  noted: Turn,
  request: ReadPageRequest,
  engine: TextEngine,
): Promise<PageReading> {
  const prepared = await preparePage(page, noted);
  const blank = isBlank(prepared.page);
  const reading = blank ? nothingOn(prepared.page) : await engine.read(prepared.page, request.language);
  const finish = (made: PreparedPage, read: EngineReading): PageReading =>
    toPageReading(read, request.page, engine, made.rotation, made.skew);
  const quality = qualityOf(reading);
  if (blank || quality >= POOR) return finish(prepared, reading);
  const better = await betterTurn(prepared, quality, request.language, engine);
  if (better === 0) return finish(prepared, reading);
  const turned = { ...prepared, page: turn(prepared.page, better), rotation: addTurns(prepared.rotation, better) };
  const again = await engine.read(turned.page, request.language);
  return qualityOf(again) > quality ? finish(turned, again) : finish(prepared, reading);
}

/** Tries the other orientations on a small copy; where the axis of the lines is clear, only the opposite one. */
async function betterTurn(
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

/** Weighs confidence by the length of words, because upside-down pages are full of confident single characters. */
function qualityOf(reading: EngineReading): number {
  let weight = 0;
  let sum = 0;
  for (const { text, confidence } of reading.words) {
    weight += text.length;
    sum += text.length * confidence;
  }
  // One or two words are too little evidence about a page.
  return weight < 4 ? 0 : sum / weight;
}

/** Tells whether a page has one shade only and so nothing to read. */
function isBlank(page: GrayPage): boolean {
  let least = 255;
  let most = 0;
  for (const value of page.data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return most - least < 24;
}

function nothingOn({ width, height }: GrayPage): EngineReading {
  return { width, height, text: '', words: [], confidence: 0 };
}

function toPageReading(
  reading: EngineReading,
  page: number,
  engine: TextEngine,
  rotation: Turn,
  skew: number,
): PageReading {
  return { ...reading, page, rotation, skew, origin: 'ocr', engine: engine.name };
}

async function takePicture(source: SourceFile, request: ReadPageRequest, engine: TextEngine): Promise<PictureResult> {
  const layer = textLayer(source, request);
  if (layer !== undefined) return { kind: 'reading', reading: layer };
  const noted = await source.check(request.page);
  const gray = await source.gray(request.page);
  const { page, rotation, skew } = request.preprocess
    ? await surelyUpright(await preparePage(gray, noted), request.language, engine)
    : { page: turn(gray, noted), rotation: noted, skew: 0 };
  const jpeg = await fromGray(page)
    .resize({ width: PICTURE_SIDE, height: PICTURE_SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
  return { kind: 'picture', jpeg, width: page.width, height: page.height, rotation, skew };
}

/**
 * Decides a doubtful orientation by a quick reading of a small copy, because nothing checks the page again before it is
 * sent.
 */
async function surelyUpright(prepared: PreparedPage, language: string, engine: TextEngine): Promise<PreparedPage> {
  if ((prepared.axisFirm && prepared.sideFirm) || isBlank(prepared.page)) return prepared;
  try {
    const quality = qualityOf(await engine.read(smallCopy(prepared.page), language));
    const better = quality >= POOR ? 0 : await betterTurn(prepared, quality, language, engine);
    return { ...prepared, page: turn(prepared.page, better), rotation: addTurns(prepared.rotation, better) };
  } catch (error) {
    // The remote service may know a language whose data is not installed here.
    if (error instanceof PerennialError && error.type === 'LanguageDataMissing') return prepared;
    throw error;
  }
}

async function drawPage(source: SourceFile, page: number, settings: RenderSettings): Promise<RenderedPage> {
  await source.check(page);
  const { data, width, height, channels } = await source.colour(page, settings.dpi);
  const raw = { width, height, channels };
  // Rotation takes two passes: in one pipeline the second `rotate` would replace the first.
  const turned = await sharp(data, { raw, limitInputPixels: false })
    .rotate(settings.rotation)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { info } = turned;
  const upright = sharp(turned.data, {
    raw: { width: info.width, height: info.height, channels: info.channels },
    limitInputPixels: false,
  });
  const straight = settings.skew === 0 ? upright : upright.rotate(-settings.skew, { background: '#ffffff' });
  const jpeg = await straight.jpeg({ quality: JPEG_QUALITY }).toBuffer({ resolveWithObject: true });
  return { jpeg: jpeg.data, width: jpeg.info.width, height: jpeg.info.height };
}
