/** What the workflows of the imports domain accept. */
import { importMessages, importWorkflows } from '../../contracts/imports/vocabulary.ts';
import { readingShape } from '../documents/shapes.ts';
import { blob, fields, flag, oneOf, record, type Shape, text, textOr, whole, type WorkflowShape } from '../shape.ts';

const reading: Shape = (value, place) => {
  if (value !== true) readingShape(value, place);
};

const importInput = fields(
  { source: fields({}, { url: text, path: text, blob }) },
  {
    schema: text,
    dataset: text,
    key: text,
    format: oneOf('csv', 'xlsx'),
    delimiter: text,
    encoding: text,
    sheet: text,
    skipLines: whole(0),
    headerRow: whole(1),
    map: record(text),
    dateFormat: text,
    decimal: oneOf('.', ','),
    sha256: text,
    onConflict: oneOf('update', 'skip'),
    dryRun: flag,
    startOcr: reading,
    window: whole(1, 64),
  },
);

export const importShapes = {
  [importWorkflows.dataImport]: {
    input: [['input', textOr(importInput)]],
    messages: { [importMessages.progress]: [] },
  },
  [importWorkflows.syncExternalData]: { input: [] },
} as const satisfies Readonly<Record<string, WorkflowShape>>;
