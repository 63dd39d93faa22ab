/** The part of OpenAI's HTTP that the product uses, over rules in place of models. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readAtMost } from '../read-body.ts';
import { answerOf, type ChatAnswer, ModelRefusal, tokensOf } from './answering.ts';
import { embeddingOf } from './embedding.ts';
import { type ChatRequest, readChat, readEmbedding } from './requests.ts';

/** A request that a script decides about. */
export interface ModelRequest {
  readonly path: string;
  readonly body: unknown;
}

/** Options of {@link createLocalModels}. */
export interface LocalModelsOptions {
  /** Key of the account. */
  readonly apiKey: string;
  /** Pause between two parts of an answer that is streamed, in milliseconds. @defaultValue 20 */
  readonly pauseMs?: number | undefined;
  /**
   * Decides about a request before it is answered, in tests of what goes wrong: a refusal, or a connection that ends after
   * the request was done.
   */
  readonly script?: ((request: ModelRequest) => ModelRefusal | 'take and hang up' | undefined) | undefined;
}

/** Answers requests of the HTTP interface. */
export interface LocalModels {
  /** Says whether an address is one of the interface. */
  serves(pathname: string): boolean;
  answer(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const CHAT = '/v1/chat/completions';
const EMBEDDINGS = '/v1/embeddings';

const MOST_BYTES = 8 * 1024 * 1024;

/** Creates the interface for one account. */
export function createLocalModels(options: LocalModelsOptions): LocalModels {
  return {
    serves: (pathname) => pathname === CHAT || pathname === EMBEDDINGS,
    answer: async (request, response) => {
      try {
        await answer(options, request, response);
      } catch (error) {
        if (!(error instanceof ModelRefusal)) throw error;
        refuse(response, error);
      }
    },
  };
}

async function answer(
  { apiKey, script, pauseMs = 20 }: LocalModelsOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  requireKey(request, apiKey);
  const path = request.url ?? '';
  const body = await readBody(request);
  const wanted = script?.({ path, body });
  if (wanted instanceof ModelRefusal) throw wanted;
  if (wanted !== undefined) {
    request.socket.destroy();
    return;
  }
  if (path === EMBEDDINGS) {
    json(response, 200, embed(body));
    return;
  }
  const chat = readChat(body);
  if (chat === undefined) throw invalid();
  if (chat.stream) await stream(response, chat, pauseMs);
  else json(response, 200, completion(chat, answerOf(chat)));
}

function invalid(): ModelRefusal {
  return new ModelRefusal(400, 'invalid_value', 'The request has another form than expected.');
}

/** The same question has the same id, so that an answer is known again. */
function headOf(chat: ChatRequest, object: string): object {
  const digest = createHash('sha256').update(JSON.stringify(chat)).digest('hex');
  return { id: `chatcmpl-${digest.slice(0, 24)}`, object, created: Math.floor(Date.now() / 1000), model: chat.model };
}

function usageOf({ messages }: ChatRequest, { text }: ChatAnswer): object {
  const input = messages.reduce((sum, { content }) => sum + tokensOf(content), 0);
  const output = tokensOf(text);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function completion(chat: ChatRequest, answered: ChatAnswer): object {
  const { text, finish, refusal } = answered;
  const message = { role: 'assistant', content: refusal === null ? text : null, refusal };
  return {
    ...headOf(chat, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finish, logprobs: null }],
    usage: usageOf(chat, answered),
  };
}

/** Sends an answer word by word. */
async function stream(response: ServerResponse, chat: ChatRequest, pauseMs: number): Promise<void> {
  const answered = answerOf(chat);
  const head = headOf(chat, 'chat.completion.chunk');
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
  const send = (chunk: object): void => void response.write(`data: ${JSON.stringify({ ...head, ...chunk })}\n\n`);
  const part = (delta: object, finish: string | null = null): void =>
    send({ choices: [{ index: 0, delta, finish_reason: finish }] });
  part({ role: 'assistant', content: '' });
  if (answered.refusal !== null) part({ refusal: answered.refusal });
  for (const word of answered.text.split(/(?=\s)/)) {
    if (response.destroyed) return;
    part({ content: word });
    await sleep(pauseMs);
  }
  part({}, answered.finish);
  if (chat.tellsUsage) send({ choices: [], usage: usageOf(chat, answered) });
  response.end('data: [DONE]\n\n');
}

function embed(body: unknown): object {
  const wanted = readEmbedding(body);
  if (wanted === undefined) throw invalid();
  const { input, dimensions, format, model } = wanted;
  const data = input.map((text, index) => {
    const vector = embeddingOf(text, dimensions);
    const embedding = format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  const tokens = input.reduce((sum, text) => sum + tokensOf(text), 0);
  return { object: 'list', data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } };
}

function requireKey({ headers }: IncomingMessage, apiKey: string): void {
  const expected = Buffer.from(`Bearer ${apiKey}`);
  const given = Buffer.from(headers.authorization ?? '');
  if (apiKey !== '' && given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new ModelRefusal(401, 'invalid_api_key', 'Incorrect API key provided.');
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAtMost(request, MOST_BYTES);
  if (bytes === undefined) throw new ModelRefusal(413, undefined, 'The request is too long.');
  try {
    const body: unknown = JSON.parse(bytes.toString());
    return body;
  } catch {
    throw invalid();
  }
}

function refuse(response: ServerResponse, { status, code, message, retryAfterS }: ModelRefusal): void {
  const headers = retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  const type = status === 429 ? 'rate_limit_error' : 'invalid_request_error';
  json(response, status, { error: { type, code: code ?? null, message, param: null } }, headers);
}

function json(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(JSON.stringify(value));
}
