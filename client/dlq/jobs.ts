/** Shows dead letters, and puts them right. */
import { z } from 'zod';
import { deadLetterFilterSchema } from '../../contracts/dlq/schema.ts';
import { PerennialError } from '../../contracts/failures.ts';
import { NotFound } from '../connection/errors.ts';
import { InvalidInput, validate } from '../connection/validate.ts';
import type { ClientContext } from '../domain.ts';
import { jobNameSchema } from '../connection/start-job.ts';
import { dryRun } from './dry-run.ts';
import { redriveRun } from './redrive.ts';
import { listRedrives, redriveHandle, startRedrive } from './redrives.ts';
import type { DeadLetter, DeadLetterJobs, DeadLetterRecords } from './types.ts';

const PAGE = 50;
const limitSchema = z.int().min(1).max(500);
const pagingSchema = z.strictObject({
  limit: limitSchema.default(PAGE),
  skip: z.int().min(0).max(1_000_000).optional(),
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'expected `next` of the page before')
    .optional(),
});
const redrivePagingSchema = z.strictObject({
  limit: limitSchema.default(PAGE),
  cursor: z.string().min(1).max(4_096).optional(),
});
const resolvingSchema = z.strictObject({
  by: z.string().min(1).max(200).default('a client'),
  reason: z.string().min(1).max(1_000).optional(),
});

/** Binds dead letters to a connection. */
export function createDeadLetterJobs(
  context: Pick<ClientContext, 'rpc' | 'gate' | 'deadLetterRecords'>,
): DeadLetterJobs {
  const known = (): DeadLetterRecords => context.deadLetterRecords ?? missing();
  const get = async (taskId: string): Promise<DeadLetter> => {
    const letter = await known().get(taskId);
    if (letter === undefined) throw new NotFound(taskId, 'dead letter');
    return letter;
  };
  const close = async (taskId: string, resolution: 'resolved' | 'discarded', given: unknown): Promise<DeadLetter> => {
    const resolving = validate(resolvingSchema, given, 'options');
    await get(taskId);
    if (!(await known().close(taskId, resolution, resolving))) throw alreadyResolved(await get(taskId));
    return get(taskId);
  };
  return {
    list: async (filter = {}, paging = {}) =>
      known().list(validate(deadLetterFilterSchema, filter, 'filter'), validate(pagingSchema, paging, 'paging')),
    get: async (taskId) => {
      const letter = await get(taskId);
      return { ...letter, history: [...(await known().history(letter.workflowId, taskId))] };
    },
    causes: async (filter = {}, limit = PAGE) =>
      known().causes(validate(deadLetterFilterSchema, filter, 'filter'), validate(limitSchema, limit, 'limit')),
    redrive: async (taskId, { by, reason, ...options } = {}) => {
      const resolving = validate(resolvingSchema, { by, reason }, 'options');
      const letter = await get(taskId);
      if (letter.resolved) throw alreadyResolved(letter);
      const redriven = await redriveRun(context, known(), letter, resolving, options);
      if (redriven === undefined) throw alreadyResolved(await get(taskId));
      return redriven;
    },
    redriveAll: async (filter, { all = false, perSecond = 10, by = 'a client', ...options } = {}) => {
      known();
      const order = { ...options, filter: validate(deadLetterFilterSchema, filter, 'filter'), perSecond, by };
      return startRedrive(context.rpc, { ...order, all });
    },
    dryRun: async (filter, options = {}) =>
      dryRun(context, known(), validate(deadLetterFilterSchema, filter, 'filter'), options),
    getRedrive: (id) => redriveHandle(context.rpc, validate(jobNameSchema, id, 'id')),
    redrives: async (paging = {}) => listRedrives(context.rpc, validate(redrivePagingSchema, paging, 'paging')),
    resolve: (taskId, resolving = {}) => close(taskId, 'resolved', resolving),
    discard: (taskId, resolving = {}) => close(taskId, 'discarded', resolving),
  };
}

function alreadyResolved({ taskId, resolution, redrivenAs, resolvedBy }: DeadLetter): PerennialError {
  const how = redrivenAs === null ? (resolution ?? 'being redriven') : `redriven as '${redrivenAs}'`;
  const who = resolvedBy === null ? '' : ` by ${resolvedBy}`;
  return new PerennialError('AlreadyResolved', `The dead letter '${taskId}' is ${how} already${who}.`);
}

function missing(): never {
  const expected = 'the dead letters: pass `deadLetterRecords` to connectPerennial';
  throw new InvalidInput([{ field: 'deadLetterRecords', expected, got: 'none' }]);
}
