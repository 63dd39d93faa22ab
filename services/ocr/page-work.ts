/** The work of a child process: inspecting files, reading pages and rendering pages. */
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { PerennialError } from '../../contracts/failures.ts';
import type { TextEngine } from './engine.ts';
import { addTurns, turn } from './gray.ts';
import type { ChildSettings, PictureResult, PageTask, PageResults } from './messages.ts';
import { ownText, readPageWith } from './page-reading.ts';
import { withBoundedPlaces } from './places.ts';
import type { ReadPageRequest, RenderedPage, RenderSettings } from './port.ts';
import { fromGray, preparePage, smallCopy } from './prepare.ts';
import type { PreparedPage } from './prepare.ts';
import { openSource } from './source-file.ts';
import type { SourceFile } from './sources/source.ts';
import type { AddedText, CopyFacts } from './searchable/port.ts';
import { addText } from './searchable/added-text.ts';
import { qualityOf } from './quality.ts';
import { betterTurn, isBlank, POOR } from './recognise.ts';

/** Runs one task of a child. */
export type TaskWork = (task: PageTask) => Promise<PageResults[keyof PageResults]>;

/** Longer side of the picture that is sent, in pixels; vision models scale larger pictures down themselves. */
const PICTURE_SIDE = 2200;
const JPEG_QUALITY = 85;

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
      case 'read': {
        const source = await open(task.request.path);
        return withBoundedPlaces(await readPageWith(ownText(source, task.request), source, task.request, engine));
      }
      case 'picture':
        return takePicture(await open(task.request.path), task.request, engine);
      case 'render':
        return drawPage(await open(task.path), task.page, task.settings);
      case 'addText':
        // Opening the file checks the limits. The copy is made of another one, because that one is kept as it is.
        await open(task.path);
        return writeSearchable(task);
    }
  };
}

async function writeSearchable({ path, target, readings }: Extract<PageTask, { kind: 'addText' }>): Promise<CopyFacts> {
  const file = openSync(target, 'wx', 0o600);
  try {
    return await addText(await readFile(path), await addedTexts(readings), (part) => {
      for (let written = 0; written < part.length;) written += writeSync(file, part, written);
    });
  } finally {
    closeSync(file);
  }
}

/** Reads the texts to add, of which a file holds one in JSON on each line. */
async function addedTexts(path: string): Promise<readonly AddedText[]> {
  const texts: AddedText[] = [];
  const lines = createInterface({ input: createReadStream(path) });
  for await (const line of lines) texts.push(JSON.parse(line) as AddedText); // `as` is safe: the caller wrote them
  return texts;
}

async function takePicture(source: SourceFile, request: ReadPageRequest, engine: TextEngine): Promise<PictureResult> {
  const own = ownText(source, request);
  // A page with text of its own is read here, because the remote service tells no places to put its text at.
  if (own !== undefined && own.layer !== 'none')
    return { kind: 'reading', reading: withBoundedPlaces(await readPageWith(own, source, request, engine)) };
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
