/** Asks for jobs, again and again until each is accepted: who asks outlives whatever is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type PerennialClient, Unavailable } from '../../client/index.ts';
import { type ApiRequest, askingOf, type Job } from './jobs.ts';

/** Doors through which jobs are asked for. */
export interface Doors {
  readonly client: PerennialClient;
  /** Base address of the API. */
  readonly api: string;
}

/** A job is refused although nothing is wrong with it. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

const REQUEST_LIMIT_MS = 5_000;
const PAUSE_MS = 300;
/** Answers after which the same request is sent again: the API is busy, or cannot reach its servers. */
const AGAIN: ReadonlySet<number> = new Set([408, 409, 425, 429, 500, 502, 503, 504, 507]);

/**
 * Asks for a job until it is accepted.
 *
 * @param number - place of the job in its run
 * @returns the id of its run; `undefined` when the signal ended the asking before
 * @throws Refused
 */
export async function askFor(doors: Doors, job: Job, number: number, signal: AbortSignal): Promise<string | undefined> {
  for (;;) {
    const id = await askOnce(doors, job, number);
    if (id !== undefined || signal.aborted) return id;
    await sleep(PAUSE_MS);
  }
}

async function askOnce({ client, api }: Doors, job: Job, number: number): Promise<string | undefined> {
  const asking = askingOf(job.kind);
  if ('request' in asking) return post(api, job, asking.request(job.key, number));
  try {
    return (await asking.start(client, job.key)).id;
  } catch (error) {
    if (error instanceof Unavailable) return undefined;
    throw new Refused(`${job.kind} ${job.key}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function post(api: string, { kind, key }: Job, { path, body }: ApiRequest): Promise<string | undefined> {
  const isForm = body instanceof FormData;
  try {
    const response = await fetch(`${api}${path}`, {
      method: 'POST',
      headers: { 'idempotency-key': key, ...(isForm ? {} : { 'content-type': 'application/json' }) },
      body: isForm ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
    });
    const text = await response.text();
    if (response.ok) return idIn(text);
    if (AGAIN.has(response.status)) return undefined;
    throw new Refused(`${kind} ${key}: ${String(response.status)} ${text.slice(0, 500)}`);
  } catch (error) {
    if (error instanceof Refused) throw error;
    return undefined; // the API is away, or took too long
  }
}

/** Every answer to a start names the run by one of these. */
function idIn(text: string): string | undefined {
  const { id, group_id, task_id } = JSON.parse(text) as Readonly<Record<string, string | undefined>>; // what the API answers
  return id ?? group_id ?? task_id;
}
