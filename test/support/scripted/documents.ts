/**
 * The activities of the documents domain as a script in memory: what each
 * document does is told beforehand, what was asked is recorded. For workflow
 * tests and recorded histories, where the decisions are under test and not the
 * reading.
 */
import { ApplicationFailure, Context } from '@temporalio/activity';
import { DEFAULT_READING } from '../../../contracts/documents/vocabulary.ts';
import type {
  BatchOutcome,
  BatchSummary,
  NextItemsInput,
  PrepareBatchInput,
  PrepareBatchOutput,
  ReadDocumentInput,
  SaveDocumentsInput,
} from '../../../contracts/documents/schema.ts';
import { failureRecord, failures, type FailureType } from '../../../contracts/failures.ts';
import { isRetriedClass } from '../../../contracts/failures/rule.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { work } from '../work.ts';

/** What one document does when it is read. */
export interface ScriptedDocument {
  /** @defaultValue 1 */
  readonly pages?: number;
  /** Fails with this type in the first `times` attempts. @defaultValue always */
  readonly fails?: { readonly type: FailureType; readonly times?: number };
  /** How long one call takes, in milliseconds; cancellation ends it. @defaultValue 0 */
  readonly takesMs?: number;
  /** There is no such document. */
  readonly missing?: boolean;
}

/** A scripted world and what happened in it. */
export interface ScriptedDocuments {
  readonly activities: Activities;
  /** First pages of the ranges that were read, by document id. */
  readonly reads: Map<string, number[]>;
  /** Every save, as it came. */
  readonly saves: SaveDocumentsInput[];
  readonly outcomes: Map<string, BatchOutcome>;
}

/** The id of the n-th scripted document. */
export function scriptedId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** Scripts documents 0…n-1; the batch input's ids must be {@link scriptedId}s. */
export function scriptDocuments(documents: readonly ScriptedDocument[]): ScriptedDocuments {
  const byId = new Map(documents.map((document, n) => [scriptedId(n), document]));
  const world = {
    reads: new Map<string, number[]>(),
    saves: [] as SaveDocumentsInput[],
    outcomes: new Map<string, BatchOutcome>(),
  };
  const counts = (): Omit<PrepareBatchOutput, 'options'> => {
    const of = (status: BatchOutcome['status']) =>
      [...world.outcomes.values()].filter((outcome) => outcome.status === status).length;
    return { total: world.outcomes.size, completed: of('completed'), failed: of('failed'), missing: of('missing') };
  };

  const prepareBatch = ({ input }: PrepareBatchInput): Promise<PrepareBatchOutput> => {
    const ids = input.documentIds ?? [...world.outcomes.keys()];
    if (ids.length === 0)
      throw ApplicationFailure.nonRetryable('expected at least one document, got none', 'EmptyBatch');
    ids.forEach((id, position) => {
      if (!world.outcomes.has(id)) world.outcomes.set(id, newOutcome(id, position, byId.get(id)));
    });
    return Promise.resolve({ ...counts(), options: DEFAULT_READING });
  };
  const nextItems = ({ after, limit }: NextItemsInput) => {
    const pending = [...world.outcomes.values()].filter(
      ({ position, status }) => status === 'pending' && position > after,
    );
    return Promise.resolve({
      items: pending.slice(0, limit).map(({ position, documentId }) => ({ position, documentId: documentId ?? '' })),
    });
  };
  const readDocument = async ({ documentId, firstPage }: ReadDocumentInput) => {
    const document = byId.get(documentId) ?? {};
    world.reads.set(documentId, [...(world.reads.get(documentId) ?? []), firstPage]);
    if (document.takesMs !== undefined) await work(document.takesMs);
    failAsScripted(document);
    return { pages: document.pages ?? 1, read: 1 };
  };
  const saveDocuments = (input: SaveDocumentsInput) => {
    world.saves.push(input);
    for (const { documentId, position, status, failure } of input.outcomes) {
      if (status === 'released') continue;
      world.outcomes.set(documentId, { ...newOutcome(documentId, position, {}), status, failure: failure ?? null });
    }
    return Promise.resolve({
      saved: input.outcomes.filter(({ status }) => status === 'completed').length,
      confidence: 0.9,
    });
  };
  const summariseBatch = ({ batchId }: { batchId: string }): Promise<BatchSummary> => {
    const { completed, ...rest } = counts();
    const pending = rest.total - completed - rest.failed - rest.missing;
    return Promise.resolve({
      batchId,
      ...rest,
      saved: completed,
      pending,
      ...(rest.total <= 500 ? { outcomes: [...world.outcomes.values()] } : {}),
    });
  };
  const extractInvoice = ({ documentId }: { documentId: string }) => {
    failAsScripted(byId.get(documentId) ?? {});
    return Promise.resolve({ status: 'success', document_id: documentId, entities: { lines: [] } });
  };
  const activities: Record<string, unknown> = {
    'documents.prepareBatch': prepareBatch,
    'documents.nextItems': nextItems,
    'documents.readDocument': readDocument,
    'documents.saveDocuments': saveDocuments,
    'documents.summariseBatch': summariseBatch,
    'documents.extractInvoice': extractInvoice,
  };
  return { ...world, activities: activities as Activities }; // each takes the one input of its task
}

function newOutcome(id: string, position: number, document: ScriptedDocument | undefined): BatchOutcome {
  const missing = document === undefined || document.missing === true;
  return {
    position,
    documentId: missing ? null : id,
    name: `document ${String(position)}`,
    status: missing ? 'missing' : 'pending',
    pages: 1,
    confidence: null,
    reading: null,
    failure: missing ? failureRecord('DocumentNotFound', `expected the id of a known document, got '${id}'`) : null,
  };
}

function failAsScripted({ fails }: ScriptedDocument): void {
  if (fails === undefined || Context.current().info.attempt > (fails.times ?? Infinity)) return;
  const retried = isRetriedClass(failures[fails.type].class);
  throw ApplicationFailure.create({
    type: fails.type,
    message: `scripted ${fails.type}`,
    ...(retried ? { nextRetryDelay: 5 } : { nonRetryable: true }),
  });
}
