/** The vocabulary of AI: names and bounds. No such string is written anywhere else. */

/** Name of the provider of models; a worker puts the host of AI_BASE_URL behind it. */
export const OPENAI = 'openai';

/** Most characters of everything that a model is told in one call. */
export const MAX_PROMPT_CHARACTERS = 400_000;

/** Most tokens of one answer. */
export const MAX_ANSWER_TOKENS = 16_384;

/** Most characters of a JSON schema that an answer shall have. */
export const MAX_SCHEMA_CHARACTERS = 50_000;

/** Roles of the messages of a conversation. */
export const ROLES = ['system', 'user', 'assistant'] as const;

/** Why an answer ended: its end was reached, or the most tokens. */
export const FINISHES = ['stop', 'length'] as const;

/** Most texts of one call. */
export const MAX_TEXTS = 1_000;

/** Most that a search finds. */
export const MAX_FOUND = 100;
