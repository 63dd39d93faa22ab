/** What the provider of models answers: by rules, the same to the same question, and errors by words. */
import type { ChatRequest } from './requests.ts';

/** An answer that is an error. */
export class ModelRefusal extends Error {
  readonly status: number;
  readonly code: string | undefined;
  /** Seconds after which the caller may come back. */
  readonly retryAfterS: number | undefined;

  constructor(status: number, code: string | undefined, message: string, retryAfterS?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

/** What is answered. */
export interface ChatAnswer {
  readonly text: string;
  readonly finish: 'stop' | 'length' | 'content_filter';
  readonly refusal: string | null;
}

/** Words in the last message that decide what is answered, for demonstrations and tests. */
const ERRORS: ReadonlyMap<string, () => ModelRefusal> = new Map([
  ['local:400', () => new ModelRefusal(400, 'context_length_exceeded', 'The prompt is too long.')],
  ['local:401', () => new ModelRefusal(401, 'invalid_api_key', 'The key is wrong.')],
  ['local:429', () => new ModelRefusal(429, 'rate_limit_exceeded', 'Too many requests.', 1)],
  ['local:quota', () => new ModelRefusal(429, 'insufficient_quota', 'You have used up what you paid for.')],
  ['local:500', () => new ModelRefusal(500, undefined, 'The server had an error.')],
  ['local:503', () => new ModelRefusal(503, undefined, 'The server is overloaded.', 2)],
]);

const ANSWERS: ReadonlyMap<string, (text: string) => ChatAnswer> = new Map<string, (text: string) => ChatAnswer>([
  ['local:no-json', () => stop('Certainly! Here is what you asked for.')],
  ['local:other-json', () => stop('{"unexpected":true}')],
  ['local:cut', (text) => ({ text: text.slice(0, Math.ceil(text.length / 2)), finish: 'length', refusal: null })],
  ['local:refuse', () => ({ text: '', finish: 'stop', refusal: 'I cannot help with that.' })],
]);

/** Answers a conversation. @throws ModelRefusal */
export function answerOf({ messages, schema, maxTokens }: ChatRequest): ChatAnswer {
  const last = messages.at(-1)?.content ?? '';
  const word = /\blocal:[\w-]+/.exec(last)?.[0] ?? '';
  const error = ERRORS.get(word);
  if (error !== undefined) throw error();
  const text = schema === undefined ? echoOf(last) : JSON.stringify(exampleOf(schema, last));
  return ANSWERS.get(word)?.(text) ?? within(text, maxTokens);
}

function within(text: string, maxTokens: number): ChatAnswer {
  const most = maxTokens * CHARACTERS_OF_TOKEN;
  return text.length <= most ? stop(text) : { text: text.slice(0, most), finish: 'length', refusal: null };
}

function stop(text: string): ChatAnswer {
  return { text, finish: 'stop', refusal: null };
}

const CHARACTERS_OF_TOKEN = 4;

/** Returns how many tokens a text counts as. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / CHARACTERS_OF_TOKEN);
}

function echoOf(text: string): string {
  const words = text.split(/\s+/).filter((word) => word !== '');
  return `This is the local provider, which knows no language. It read ${String(words.length)} words: ${words.slice(0, 50).join(' ')}`;
}

/** Levels of a schema that are followed. */
const DEEPEST = 8;

type Schema = Readonly<Record<string, unknown>>;

/** Makes a value that keeps to a simple schema; texts are the beginning of the question. */
function exampleOf(given: unknown, text: string, depth = 0): unknown {
  const schema: Schema = typeof given === 'object' && given !== null ? { ...given } : {};
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0] as unknown;
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  const make = typeof type === 'string' && depth < DEEPEST ? BY_TYPE[type] : undefined;
  return make === undefined ? null : make(schema, text, depth);
}

const BY_TYPE: Readonly<Record<string, (schema: Schema, text: string, depth: number) => unknown>> = {
  object: ({ properties }, text, depth) =>
    Object.fromEntries(
      Object.entries(typeof properties === 'object' ? { ...properties } : {}).map(([name, one]) => [
        name,
        exampleOf(one, text, depth + 1),
      ]),
    ),
  array: ({ items }, text, depth) => [exampleOf(items, text, depth + 1)],
  string: (_schema, text) => text.slice(0, 40),
  number: ({ minimum }) => (typeof minimum === 'number' ? minimum : 0),
  integer: ({ minimum }) => (typeof minimum === 'number' ? minimum : 0),
  boolean: () => true,
};
