/** Refuses to start a worker that cannot read documents in the language that it is told to. */
import { exitForProblem } from '../config/load.ts';
import { configTable } from '../config/table.ts';
import type { Config } from '../config/types.ts';
import { queues } from '../contracts/queues/names.ts';
import type { Fleet } from './fleets.ts';

/** Queues that calls of reading are routed to. */
const READING: ReadonlySet<string> = new Set([queues.documentsOcr, queues.documentsHighPriority]);

/**
 * Exits with `exitCodes.config` when `OCR_LANGUAGE` names a language without data, because each document of a caller that
 * names none would fail. Fleets that read nothing need no data, and a service that reads has data of its own.
 *
 * @param domains - the domains that the application has
 */
export async function requireLanguages(
  config: Config,
  domains: readonly string[],
  fleet: Pick<Fleet, 'activities'>,
): Promise<void> {
  const { ocr, deepseek } = config.documents;
  if (
    !fleet.activities.some(({ queue }) => READING.has(queue)) ||
    !domains.includes('documents') ||
    deepseek.url !== undefined
  )
    return;
  const { missingLanguages } = await import('../services/ocr/languages/installed.ts');
  const found = await missingLanguages(ocr);
  if (found === undefined) return;
  const installed = found.installed.length === 0 ? 'none' : found.installed.join(', ');
  exitForProblem({
    name: configTable.documents.ocr.language.variable,
    expected: `auto, or codes of languages whose data is installed (${installed}) joined by +`,
    got: ocr.language,
    remedy: found.remedy,
  });
}
