/** Compares what was accepted with what became of it: runs of the server, rows and dead letters of the database. */
import { z } from 'zod';
import type { AuditDifference, AuditReport } from '../../contracts/audit/schema.ts';
import { auditRemedies, type DifferenceKind, MOST_AUDIT_DAYS } from '../../contracts/audit/vocabulary.ts';
import { RESULTS_KEPT_SECONDS } from '../../contracts/tasks/calls.ts';
import { utcInstantSchema } from '../../contracts/values/instant.schema.ts';
import { DAY_MS, SECOND_MS } from '../../contracts/values/units.ts';
import type { AuditedLetter } from '../../services/audit/port.ts';
import { NotFound } from '../connection/errors.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import { failedSince } from '../dlq/failed-runs.ts';
import type { ClientContext } from '../domain.ts';
import type { AuditJobs, AuditOptions, AuditRecords } from './types.ts';

/** Runs that are compared with the database together. */
const TOGETHER = 200;

const optionsSchema = z.strictObject({
  since: utcInstantSchema.optional(),
  graceSeconds: z.number().min(0).max(86_400).default(60),
  limit: z.int().min(0).max(100_000).default(1_000),
  signal: z.instanceof(AbortSignal).optional(),
});

/** Binds audits to a connection. */
export function createAuditJobs({ rpc, auditRecords }: Pick<ClientContext, 'rpc' | 'auditRecords'>): AuditJobs {
  return {
    report: async (given: AuditOptions = {}) => {
      const records = auditRecords ?? missing();
      const { since, graceSeconds, limit, signal } = validate(optionsSchema, given, 'options');
      const at = new Date();
      const first = new Date(Math.max(Date.parse(since ?? '1970-01-01'), at.getTime() - MOST_AUDIT_DAYS * DAY_MS));
      const settledAt = new Date(at.getTime() - graceSeconds * SECOND_MS);
      return new Audit(rpc, records, { at, since: first, settledAt, limit, signal }).report();
    },
  };
}

interface Bounds {
  readonly at: Date;
  readonly since: Date;
  /** What happened later may be on its way. */
  readonly settledAt: Date;
  readonly limit: number;
  readonly signal: AbortSignal | undefined;
}

/** How the server names what became of runs. */
const NAMES: Readonly<Record<string, keyof AuditReport['runs']>> = {
  Running: 'alive',
  Completed: 'completed',
  Failed: 'failed',
  TimedOut: 'failed',
  Canceled: 'stopped',
  Terminated: 'stopped',
  ContinuedAsNew: 'continued',
};

class Audit {
  private readonly rpc: Rpc;
  private readonly records: AuditRecords;
  private readonly bounds: Bounds;
  private readonly differences: AuditDifference[] = [];
  private readonly checked = { failures: 0, recent: 0, letters: 0, rows: 0 };
  private found = 0;

  constructor(rpc: Rpc, records: AuditRecords, bounds: Bounds) {
    this.rpc = rpc;
    this.records = records;
    this.bounds = bounds;
  }

  async report(): Promise<AuditReport> {
    const runs = await this.countRuns();
    await this.checkFailures();
    await this.checkLetters();
    await this.checkRows();
    const { since, at } = this.bounds;
    return {
      ...{ since: since.toISOString(), at: at.toISOString(), runs, checked: this.checked },
      differences: this.differences,
      leftOff: this.found - this.differences.length,
    };
  }

  private async countRuns(): Promise<AuditReport['runs']> {
    const query = `StartTime >= '${this.bounds.since.toISOString()}' GROUP BY ExecutionStatus`;
    const { groups } = await this.rpc.call('runs', (client) => client.workflow.count(query));
    const runs = { accepted: 0, alive: 0, completed: 0, failed: 0, stopped: 0, continued: 0 };
    for (const { count, groupValues } of groups) {
      runs.accepted += count;
      const name = NAMES[String(groupValues[0])];
      if (name !== undefined) runs[name] += count;
    }
    return runs;
  }

  /** Each run that failed for good has been noted as a dead letter. */
  private async checkFailures(): Promise<void> {
    let page: { readonly workflowId: string; readonly runId: string }[] = [];
    const compare = async (): Promise<void> => {
      const noted = await this.records.noted(page.map(({ runId }) => runId));
      for (const { workflowId, runId } of page.filter((run) => !noted.has(run.runId)))
        this.add(
          'failure without a letter',
          { id: workflowId, workflowId },
          `the run ${runId} failed, and no letter tells of it`,
        );
      page = [];
    };
    for await (const { workflowId, runId, startTime, closeTime } of failedSince(this.rpc, this.bounds.since)) {
      this.bounds.signal?.throwIfAborted();
      if (startTime < this.bounds.since) continue;
      if ((closeTime ?? this.bounds.at) > this.bounds.settledAt) {
        this.checked.recent += 1;
        continue;
      }
      this.checked.failures += 1;
      page.push({ workflowId, runId });
      if (page.length === TOGETHER) await compare();
    }
    await compare();
  }

  /** Each open letter is about a run that did not succeed later, and each redrive has its run. */
  private async checkLetters(): Promise<void> {
    // A run that is over is kept for this long at least.
    const kept = new Date(this.bounds.at.getTime() - RESULTS_KEPT_SECONDS * SECOND_MS);
    for await (const letter of this.records.letters(kept)) {
      this.bounds.signal?.throwIfAborted();
      this.checked.letters += 1;
      const fault = faultOf(letter, await this.statusOf(letter.redrivenAs ?? letter.workflowId));
      if (fault === undefined || !(await this.records.isStill(letter))) continue;
      this.add(fault.kind, { id: letter.taskId, workflowId: letter.redrivenAs ?? letter.workflowId }, fault.detail);
    }
  }

  /** Each row of running work has a run that is alive. */
  private async checkRows(): Promise<void> {
    for await (const row of this.records.runningRows(this.bounds.settledAt)) {
      this.bounds.signal?.throwIfAborted();
      this.checked.rows += 1;
      const status = await this.statusOf(row.id);
      if (status === 'RUNNING' || status === 'PAUSED' || !(await this.records.isRunning(row))) continue;
      const about = { id: row.id, workflowId: row.id };
      if (status === undefined)
        this.add('row without a run', about, `${row.table}: the row is running, and the server does not know its run`);
      else this.add('row of an ended run', about, `${row.table}: the row is running, and its run is over: ${status}`);
    }
  }

  /** The status of the current run of an id; `undefined` when the server knows none. */
  private async statusOf(workflowId: string): Promise<string | undefined> {
    try {
      const { status } = await this.rpc.call(workflowId, (client) => client.workflow.getHandle(workflowId).describe());
      return status.name;
    } catch (error) {
      if (error instanceof NotFound) return undefined;
      throw error;
    }
  }

  private add(kind: DifferenceKind, about: Pick<AuditDifference, 'id' | 'workflowId'>, detail: string): void {
    this.found += 1;
    if (this.differences.length < this.bounds.limit)
      this.differences.push({ kind, ...about, detail, remedy: auditRemedies[kind] });
  }
}

/** What is wrong with a letter whose run, or whose redrive, has a status; `undefined` for a run that is not known. */
function faultOf({ redrivenAs }: AuditedLetter, status: string | undefined) {
  if (redrivenAs !== null && status === undefined) {
    const detail = `the letter was redriven as ${redrivenAs}, which the server does not know`;
    return { kind: 'redriven letter without a run', detail } as const;
  }
  if (redrivenAs !== null || status !== 'COMPLETED') return undefined;
  const detail = 'the letter is open, and a later run of the same id has succeeded';
  return { kind: 'letter of a run that succeeded', detail } as const;
}

function missing(): never {
  const expected = 'what the database says about work: pass `auditRecords` to connectPerennial';
  throw new InvalidInput([{ field: 'auditRecords', expected, got: 'none' }]);
}
