import type { SaveInput, SaveOutput } from '../../contracts/imports/schema.ts';
import { DEFAULT_DATASET } from '../../contracts/imports/vocabulary.ts';
import type { Batch, BatchSave, RangeReading, RangeState, StoredImport } from '../../services/imports/port.ts';
import type { TaskContext } from '../shell/task-body.ts';
import { fileOf } from './parse.ts';
import type { ImportPorts } from './ports.ts';
import { schemaOf } from './schema-of.ts';

/**
 * Reads one range, validates each of its records and saves the good ones in batches. The row of the range holds the
 * progress and is updated in the same transaction as the data, so a retry continues there and no row is saved twice. A
 * thread parses the next block while a batch is being saved.
 */
export async function save(ports: ImportPorts, input: SaveInput, context: TaskContext): Promise<SaveOutput> {
  const stored = await ports.imports.get(input.importId, input.runId);
  let state = await ports.imports.range(input.runId, input.range);
  if (state.doneTo < state.to) {
    const reading = await begin(ports, stored, state, context.signal);
    try {
      state = await saveAll(ports, stored, input.range, state, reading, context);
    } finally {
      await reading.end();
    }
  }
  const { read, saved, rejected, skipped } = state;
  return { read, saved, rejected, skipped, bytes: state.to - state.from };
}

function begin(
  { readers, limits }: ImportPorts,
  stored: StoredImport,
  state: RangeState,
  signal: AbortSignal,
): Promise<RangeReading> {
  if (stored.layout === null) throw new TypeError('expected a file that has been parsed');
  const { format, mixedEncoding, delimiter, header } = stored.layout;
  const { dateFormat, decimal } = stored.input;
  // A rewritten file is UTF-8, whatever the encoding of the original.
  const encoding = stored.rewritten === null ? stored.layout.encoding : 'utf-8';
  return readers.begin(
    {
      schema: schemaOf(stored.schema),
      layout: { format, encoding, mixedEncoding, delimiter, header },
      formats: { dateFormat, decimal },
      runId: stored.runId,
      key: stored.input.key,
      from: state.doneTo,
      line: state.line,
      batchRecords: limits.batchRecords,
    },
    signal,
  );
}

async function saveAll(
  ports: ImportPorts,
  stored: StoredImport,
  range: number,
  start: RangeState,
  reading: RangeReading,
  context: TaskContext,
): Promise<RangeState> {
  const common = commonOf(ports, stored, range);
  let state = start;
  const saveBatches = async (batches: readonly Batch[]): Promise<void> => {
    for (const batch of batches) {
      context.signal.throwIfAborted();
      state = await ports.imports.saveBatch({ ...common, from: state.doneTo, batch }, context.signal);
      reading.release(batch);
      context.progress({ doneTo: state.doneTo, to: state.to });
    }
  };
  const file = stored.rewritten ?? fileOf(stored);
  let parsing: Promise<readonly Batch[]> = Promise.resolve([]);
  for await (const block of ports.files.read(file, start.doneTo, start.to)) {
    const parsed = parsing;
    parsing = reading.read(block, false);
    parsing.catch(() => undefined); // the next round awaits it and throws its failure
    await saveBatches(await parsed);
  }
  await saveBatches(await parsing);
  await saveBatches(await reading.read(new Uint8Array(0), true));
  return state;
}

function commonOf({ rules }: ImportPorts, stored: StoredImport, range: number): Omit<BatchSave, 'from' | 'batch'> {
  const schema = schemaOf(stored.schema);
  return {
    runId: stored.runId,
    range,
    target: rules.target(schema),
    dataset: stored.dataset ?? DEFAULT_DATASET,
    onConflict: stored.input.onConflict ?? 'update',
    present: rules.present(stored.layout?.header ?? [], schema),
    dryRun: stored.dryRun,
  };
}
