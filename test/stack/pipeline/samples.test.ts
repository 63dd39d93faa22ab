/** The main job on real documents: everything from the client to the rows, against what is known to be true. */
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchOutcome } from '../../../contracts/documents/schema.ts';
import type { DocumentStore } from '../../../services/documents/port.ts';
import { createDocumentStore } from '../../../services/documents/postgres.ts';
import { readTruth, type SampleTruth, samplesFolder } from '../../../scripts/samples/truth.ts';
import { characterErrorRate } from '../../support/files/accuracy.ts';
import { startTestStack, type TestStack } from '../../support/servers/stack.ts';

/** Worst error rate that is still a reading; English data on a page of four languages reads worse than the rest. */
const WORST = 0.05;

let world: TestStack;
let documents: DocumentStore;
let truth: Readonly<Record<string, SampleTruth>>;
let outcomes: ReadonlyMap<string, BatchOutcome>;

beforeAll(async () => {
  world = await startTestStack({ env: { DOCUMENT_ROOTS: samplesFolder } });
  documents = createDocumentStore(world.database);
  truth = await readTruth();
  const batch = await world.client.documents.batchOcr({ paths: [samplesFolder], backend: 'tesseract' });
  const summary = await batch.result({ timeoutMs: 280_000 });
  outcomes = new Map(summary.outcomes?.map((outcome) => [outcome.name, outcome]));
});
afterAll(() => world.stop());

function outcomeOf(name: string): BatchOutcome {
  const outcome = outcomes.get(name);
  if (outcome === undefined) throw new TypeError(`expected an outcome for ${name}`);
  return outcome;
}

async function textOf(name: string): Promise<string> {
  return (await documents.result(outcomeOf(name).documentId ?? ''))?.text ?? '';
}

describe('the sample documents', () => {
  it('OCR-7 every readable one is completed and every broken one fails alone with its class', () => {
    expect(outcomes.size).toBe(Object.keys(truth).length);
    for (const [name, { expect: expected }] of Object.entries(truth)) {
      const { status, failure } = outcomeOf(name);
      expect([name, failure?.type ?? status]).toEqual([name, expected]);
    }
  });

  it('OCR-3 the text is the true text, turned, tilted and noisy pages included', async () => {
    const rates: Record<string, number> = {};
    for (const [name, { expect: expected, text }] of Object.entries(truth)) {
      if (expected === 'completed') rates[name] = characterErrorRate(await textOf(name), text.join('\n'));
    }
    expect(Object.keys(rates).length).toBeGreaterThanOrEqual(12);
    expect(Object.fromEntries(Object.entries(rates).filter(([, rate]) => rate > WORST))).toEqual({});
  });

  it('OCR-1 rows carry pages, confidence, times and no error', async () => {
    const { documentId } = outcomeOf('09-minutes.tiff');
    const view = await documents.view(documentId ?? '');
    expect(view).toMatchObject({ status: 'completed', pages: 3, mediaType: 'image/tiff', failure: null });
    expect(view?.confidence).toBeGreaterThan(0.8);
    expect(Date.parse(view?.completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(view?.startedAt ?? ''));
  });

  it('a text layer is taken as it is unless reading is asked for', async () => {
    const { documentId } = outcomeOf('12-mixed.pdf');
    const result = await documents.result(documentId ?? '');
    expect(result?.pages.map(({ engine }) => engine === 'text-layer')).toEqual([true, false]);
    const path_ = path.join(samplesFolder, '11-text-layer.pdf');
    const batch = await world.client.documents.batchOcr({ paths: [path_], backend: 'tesseract', forceOcr: true });
    const forced = (await batch.result()).outcomes?.[0]?.documentId ?? '';
    expect((await documents.result(forced))?.pages.every(({ engine }) => engine !== 'text-layer')).toBe(true);
  });

  it('what was read can be searched', async () => {
    const { documents: found } = await documents.list({ search: 'leaf mould', limit: 10 });
    expect(found.map(({ name }) => name)).toContain('07-rotated-180.png');
  });

  it.each(['13-invoice.pdf', '14-invoice-scan.png'])('OCR-5 the invoice %s yields its true fields', async (name) => {
    const job = await world.client.documents.extractInvoice(outcomeOf(name).documentId ?? '');
    const { status, entities } = await job.result();
    expect(status).toBe('success');
    const { lines, ...fields } = truth[name]?.invoice ?? { lines: [] };
    const found = Object.fromEntries(
      Object.entries(entities).flatMap(([key, field]) =>
        field !== undefined && 'value' in field ? [[key, field.value]] : [],
      ),
    );
    expect(found).toEqual(fields);
    expect(entities.lines.map(({ value }) => value.amount)).toEqual(lines.map(({ amount }) => amount));
    const { rows } = await world.database.query<{ extracted_data: object }>(
      'select extracted_data from documents where id = $1',
      [outcomeOf(name).documentId],
    );
    expect(rows[0]?.extracted_data).toEqual(entities);
  });

  it('IDEM-4 OCR-6 processing a document again changes nothing', async () => {
    const id = outcomeOf('01-letter.png').documentId ?? '';
    const row = () => world.database.query('select * from documents where id = $1', [id]);
    const before = (await row()).rows;
    const first = await (await world.client.documents.process(id, { backend: 'tesseract' })).result();
    const second = await (await world.client.documents.process(id, { backend: 'tesseract' })).result();
    expect(first).toEqual({ status: 'success', document_id: id, confidence: expect.any(Number) as number });
    expect(second).toEqual(first);
    expect((await row()).rows).toEqual(before);
  });
});
