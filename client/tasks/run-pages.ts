/** Pages of runs from the index of the server. */
import { isGrpcServiceError } from '@temporalio/client';
import type proto from '@temporalio/proto';
import { searchAttributes } from '../../contracts/tasks/calls.ts';
import type { RunOf } from '../canvas/queries.ts';
import type { Rpc } from '../connection/rpc.ts';
import { InvalidInput } from '../connection/validate.ts';

type Raw = proto.temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** A run as the index has it. */
export interface IndexedRun extends RunOf {
  readonly name: string | null;
  readonly tenant: string | null;
  readonly raw: Raw;
}

/** One page of runs, the newest first. */
export interface RunPage {
  readonly runs: readonly IndexedRun[];
  readonly nextCursor: string | null;
}

/** Returns one page. @throws InvalidInput the cursor is none that a page gave */
export async function pageOfRuns(
  rpc: Rpc,
  query: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | null | undefined },
): Promise<RunPage> {
  const token = cursor === undefined || cursor === null ? undefined : Buffer.from(cursor, 'base64url');
  const answer = await rpc.call('tasks', async ({ workflowService, options: { namespace } }) => {
    const from = token === undefined ? {} : { nextPageToken: token };
    try {
      return await workflowService.listWorkflowExecutions({ namespace, query, pageSize: limit, ...from });
    } catch (error) {
      throw token !== undefined && isRefused(error) ? badCursor(String(cursor)) : error;
    }
  });
  const { nextPageToken: next } = answer;
  return {
    runs: answer.executions.map((raw) => ({
      workflowId: raw.execution?.workflowId ?? '',
      runId: raw.execution?.runId ?? '',
      name: indexedText(raw, searchAttributes.task),
      tenant: indexedText(raw, searchAttributes.tenant),
      raw,
    })),
    nextCursor: next.length === 0 ? null : Buffer.from(next).toString('base64url'),
  };
}

const INVALID_ARGUMENT = 3;

function isRefused(error: unknown): boolean {
  const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
  return code === INVALID_ARGUMENT;
}

function badCursor(got: string): InvalidInput {
  return new InvalidInput([
    { field: 'cursor', expected: 'nextCursor of the page before', got: `'${got.slice(0, 60)}'` },
  ]);
}

/** Reads a search attribute, which the server keeps as JSON; of a list its entries. */
export function indexedTexts({ searchAttributes: indexed }: Raw, name: string): readonly string[] {
  const data = indexed?.indexedFields?.[name]?.data;
  if (data === undefined || data === null) return [];
  const value: unknown = JSON.parse(Buffer.from(data).toString());
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}

/** Reads the first text of a search attribute. */
export function indexedText(raw: Raw, name: string): string | null {
  return indexedTexts(raw, name)[0] ?? null;
}
