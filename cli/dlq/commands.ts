import type { DeadLetter, DeadLetterEvent, DeadLetterFilter, DeadLetterPage } from '../../client/index.ts';
import type { CliContext, CliServices } from '../terminal/context.ts';
import { withServices } from '../terminal/context.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { factsTable, print, printJson, printList } from '../terminal/output.ts';
import { userName } from '../terminal/user-name.ts';

/** Options that choose dead letters. */
export interface FilterOptions {
  readonly cause?: string;
  readonly task?: string;
  readonly workflow?: string;
  readonly tenant?: string;
  readonly failure?: string;
  readonly class?: string;
  readonly since?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/** Returns what options say; the client checks it. */
export function filterOf(options: FilterOptions): DeadLetterFilter {
  const { cause: fingerprint, failure: errorType, class: failureClass, task, workflow, tenant, since, until } = options;
  const given = { fingerprint, errorType, failureClass, task, workflow, tenant, since, until };
  const named = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named); // unchecked texts; the client validates them
}

/** Options of `perennial dlq list`. */
export interface ListOptions extends FilterOptions {
  readonly limit: number;
  readonly after?: string;
}

/** `perennial dlq list`: shows a page of open letters. */
export function listLetters(context: CliContext, { limit, after, ...options }: ListOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const page = await client.dlq.list(filterOf(options), { limit, ...(after === undefined ? {} : { after }) });
    printList(context, {
      rows: page.items,
      page,
      head: ['id', 'task', 'failed', 'retries', 'failure', 'cause', 'message'],
      cells: ({ taskId, taskName, failedAt, retryCount, errorType, fingerprint, errorMessage }) => [
        taskId,
        taskName,
        failedAt,
        String(retryCount),
        errorType,
        fingerprint,
        shortened(errorMessage),
      ],
      next: page.next,
    });
    return exitCodes.ok;
  });
}

const MESSAGE = 80;

function shortened(message: string): string {
  return message.length > MESSAGE ? `${message.slice(0, MESSAGE)}…` : message;
}

/** `perennial dlq causes`: shows what open letters have in common. */
export function listCauses(context: CliContext, options: FilterOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    const causes = await client.dlq.causes(filterOf(options));
    printList(context, {
      rows: causes,
      head: ['cause', 'letters', 'runs', 'task', 'failure', 'version', 'first', 'last', 'message'],
      cells: (cause) => [
        cause.fingerprint,
        String(cause.letters),
        String(cause.runs),
        cause.taskName,
        cause.errorType,
        cause.version,
        cause.firstAt,
        cause.lastAt,
        shortened(cause.errorMessage),
      ],
    });
    return exitCodes.ok;
  });
}

/** `perennial dlq show`: shows one letter. */
export function showLetter(context: CliContext, id: string, options: { readonly json?: boolean }): Promise<number> {
  return withServices(context, async ({ client }) => {
    const { history, ...letter } = await client.dlq.get(id);
    if (options.json) {
      printJson(context, { ...letter, history });
      return exitCodes.ok;
    }
    show(context, letter);
    for (const event of history) print(context, textOf(event));
    return exitCodes.ok;
  });
}

/** What was done about a run, on one line. */
function textOf({ what, at, by, reason, from, to, redrive }: DeadLetterEvent): string {
  const run = ({ workflowId, runId }: { workflowId: string; runId: string | null }) =>
    [workflowId, ...(runId === null ? [] : [runId])].join('/');
  const into = to === null ? '' : ` as ${run(to)}`;
  const among = redrive === null ? '' : `, of the redrive ${redrive}`;
  return `${at} ${what} by ${by}: ${run(from)}${into}${among}${reason === null ? '' : `: ${reason}`}`;
}

function show(context: CliContext, letter: DeadLetter, json = false): void {
  if (json) {
    printJson(context, letter);
    return;
  }
  const { args, kwargs, traceback, resolved, quarantined, ...facts } = letter;
  const state = resolved ? letter.resolution : quarantined ? 'open, in quarantine' : 'open';
  print(
    context,
    factsTable({ ...facts, resolution: state, args: JSON.stringify(args), kwargs: JSON.stringify(kwargs) }),
  );
  if (traceback !== '') print(context, traceback);
}

/** Options of `perennial dlq resolve` and `discard`. */
export interface CloseOptions {
  readonly reason?: string;
  readonly by?: string;
  readonly json?: boolean;
}

/** `perennial dlq resolve` and `discard`: closes a letter. */
export function closeLetter(
  context: CliContext,
  verb: 'resolve' | 'discard',
  id: string,
  { reason, by = userName(), json }: CloseOptions,
): Promise<number> {
  return withServices(context, async ({ client }) => {
    show(context, await client.dlq[verb](id, { by, ...(reason === undefined ? {} : { reason }) }), json);
    return exitCodes.ok;
  });
}

/** `perennial dlq export`: prints every open letter, one on each line. */
export function exportLetters(context: CliContext, options: FilterOptions): Promise<number> {
  return withServices(context, async ({ client }) => {
    for await (const letter of allOf(client, filterOf(options))) context.stdout.write(`${JSON.stringify(letter)}\n`);
    return exitCodes.ok;
  });
}

async function* allOf(client: CliServices['client'], filter: DeadLetterFilter): AsyncGenerator<DeadLetter> {
  for (let after: string | undefined; ;) {
    const { items, next }: DeadLetterPage = await client.dlq.list(filter, { limit: 500, after });
    yield* items;
    if (next === null) return;
    after = next;
  }
}
