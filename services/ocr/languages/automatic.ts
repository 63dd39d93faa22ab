/** Chooses the language of a picture: the script that reads best, and in it the language that the text looks like. */
import type { TextEngine } from '../engine.ts';
import { qualityOf } from '../quality.ts';
import type { EngineReading } from '../tsv.ts';
import { likelyLanguage } from './likely.ts';
import { scriptOf } from './names.ts';

/** The language that asks for a choice. */
export const AUTOMATIC = 'auto';

/** Quality from which other scripts are not tried: a right script reads with 0.9 and more, a wrong one with 0.6. */
const SURE = 0.85;
/** Share of the first reading's quality that the likelier language needs. */
const NO_WORSE = 0.97;

type Read = (language: string) => Promise<EngineReading>;

/**
 * Adds the language `auto` to an engine. The language of the last picture is tried first, because the pages of a document
 * are alike; a script is tried with one of its languages.
 */
export function withAutomatic(engine: TextEngine): TextEngine {
  let last: string | undefined;
  const choose = async (read: Read): Promise<EngineReading> => {
    const installed = await engine.languages();
    let best = await bestScript(read, orderOf(installed, last));
    const likely = likelyLanguage(best.text);
    if (likely !== undefined && likely !== best.language && installed.includes(likely)) {
      const again = await read(likely);
      if (qualityOf(again) >= qualityOf(best) * NO_WORSE) best = again;
    }
    if (qualityOf(best) >= SURE) last = best.language;
    return best;
  };
  const { readFile } = engine;
  return {
    ...engine,
    read: (page, language) =>
      language === AUTOMATIC ? choose((code) => engine.read(page, code)) : engine.read(page, language),
    ...(readFile === undefined
      ? {}
      : {
          readFile: (path, page, language) =>
            language === AUTOMATIC ? choose((code) => readFile(path, page, code)) : readFile(path, page, language),
        }),
  };
}

/** Reads with each language in turn until one of them is sure, and returns the best reading. */
async function bestScript(read: Read, [first = 'eng', ...others]: readonly string[]): Promise<EngineReading> {
  let best = await read(first);
  for (const language of others) {
    if (qualityOf(best) >= SURE) break;
    const reading = await read(language);
    if (qualityOf(reading) > qualityOf(best)) best = reading;
  }
  return best;
}

/** Returns one language of each script: the last one that fitted, English, or the first by name. */
function orderOf(installed: readonly string[], last: string | undefined): readonly string[] {
  const preferred = [...(last === undefined ? [] : [last]), 'eng', ...installed].filter((code) =>
    installed.includes(code),
  );
  const scripts = new Map<string, string>();
  for (const code of preferred) if (!scripts.has(scriptOf(code))) scripts.set(scriptOf(code), code);
  return [...scripts.values()];
}
