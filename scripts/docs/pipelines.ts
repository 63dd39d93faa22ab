/** Generates `docs/pipelines.md`, which shows the code of the pipelines as excerpts from their files. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { documentTasks } from '../../contracts/documents/tasks.ts';
import { emailTasks } from '../../contracts/email/tasks.ts';
import { importTasks } from '../../contracts/imports/tasks.ts';
import { reportTasks } from '../../contracts/reports/tasks.ts';
import { GENERATED, table } from './markdown.ts';

/** Functions of one file that are part of a pipeline. */
interface Excerpt {
  readonly file: string;
  readonly functions: readonly string[];
}

interface Pipeline {
  readonly title: string;
  /** The steps of the pipeline in a few words. */
  readonly story: string;
  readonly excerpts: readonly Excerpt[];
}

const PIPELINES: readonly Pipeline[] = [
  {
    title: 'Batch OCR',
    story: 'prepare → read each document in parallel, bounded → save → summary',
    excerpts: [{ file: 'workflows/documents/batch-ocr.ts', functions: ['batchOcr', 'readBatch', 'readPending'] }],
  },
  {
    title: 'Report generation',
    story: 'fetch analytics → charts → PDF → e-mail',
    excerpts: [
      { file: 'workflows/reports/report-pipeline.ts', functions: ['reportPipeline'] },
      { file: 'workflows/reports/write-report.ts', functions: ['writeReport'] },
    ],
  },
  {
    title: 'Data import',
    story: 'download → parse → validate each → save → cleanup',
    excerpts: [{ file: 'workflows/imports/data-import.ts', functions: ['dataImport', 'importFile', 'saveRanges'] }],
  },
];

const names = (...tasks: readonly { readonly name: string }[]): string =>
  tasks.map(({ name }) => `\`${name}\``).join(', ');

const SIDE_BY_SIDE = [
  ['what comes in', names(documentTasks.prepareBatch), names(reportTasks.planReport), names(importTasks.download)],
  ['what there is to do', names(documentTasks.nextItems), names(reportTasks.fetchAnalytics), names(importTasks.parse)],
  [
    'the work',
    names(documentTasks.readDocument),
    names(reportTasks.generateCharts, reportTasks.generatePdf),
    names(importTasks.validateRecords),
  ],
  ['what is kept', names(documentTasks.saveDocuments), names(reportTasks.saveReport), names(importTasks.save)],
  [
    'how it ends',
    names(documentTasks.summariseBatch),
    names(emailTasks.send, reportTasks.noteReportSent),
    names(importTasks.finish, importTasks.cleanup),
  ],
];

/** Returns the text of one top-level function. @throws TypeError when the file has no function of this name */
function functionText(source: string, file: string, name: string): string {
  const found = new RegExp(`^(export )?(async )?function ${name}\\b[\\s\\S]*?^}$`, 'm').exec(source);
  if (found === null) throw new TypeError(`expected a function ${name} in ${file}, found none`);
  return found[0];
}

function excerptText(repository: string, { file, functions }: Excerpt): string {
  const source = readFileSync(resolve(repository, file), 'utf8');
  const code = functions.map((name) => functionText(source, file, name)).join('\n\n');
  return `[${file}](../${file})\n\n\`\`\`text\n${code}\n\`\`\``;
}

/** Generates `docs/pipelines.md`. */
export function pipelinesPage(repository: string): string {
  const head = ['step', ...PIPELINES.map(({ title }) => title)];
  const parts = PIPELINES.map(
    ({ title, story, excerpts }) =>
      `## ${title}\n\n${story}\n\n${excerpts.map((excerpt) => excerptText(repository, excerpt)).join('\n\n')}`,
  );
  const introduction =
    'Each pipeline is a workflow that calls tasks in order: what stands here is cut out of the code. ' +
    'Queues, retries and time limits of the tasks are in [tasks](tasks.md).';
  return `# Pipelines\n\n${GENERATED}\n\n${introduction}\n\n${table(head, SIDE_BY_SIDE)}\n\n${parts.join('\n\n')}\n`;
}
