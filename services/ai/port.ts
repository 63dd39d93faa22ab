/** The ports of AI. */
import type { FINISHES, ROLES } from '../../contracts/ai/vocabulary.ts';

/** A message of a conversation. */
export interface Said {
  readonly role: (typeof ROLES)[number];
  readonly content: string;
}

/** What a model is asked. */
export interface Question {
  readonly model: string;
  readonly messages: readonly Said[];
  readonly maxTokens: number;
  readonly temperature: number | undefined;
  /** JSON schema of the answer. */
  readonly schema: Readonly<Record<string, unknown>> | undefined;
  /** Stands for the user towards the provider. */
  readonly user: string | undefined;
}

/** Tokens that the provider has counted. */
export interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** What a model answered. */
export interface Answer {
  readonly text: string;
  readonly model: string;
  readonly finish: (typeof FINISHES)[number] | 'refused';
  readonly tokens: Tokens;
}

/** Vectors of texts, in the order of the texts. */
export interface Vectors {
  readonly vectors: readonly (readonly number[])[];
  readonly tokens: Tokens;
}

/** Asks models. */
export interface ModelProvider {
  /**
   * Asks a model.
   * @throws PerennialError `AiNotConfigured`, and what `classify` makes of the errors of the provider; the reason of the signal
   */
  complete(question: Question, signal: AbortSignal): Promise<Answer>;
  /** Makes vectors. @throws PerennialError as `complete` */
  embed(model: string, texts: readonly string[], signal: AbortSignal): Promise<Vectors>;
}

/** What a token costs, in billionths of the currency. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

/** Knows what models cost. */
export interface Prices {
  /** `undefined` for a model of which nobody has said it. */
  of(model: string): Price | undefined;
}

/** Who asks what under which key. */
export interface UsageKey {
  /** Empty for the calls of nobody. */
  readonly tenant: string;
  /** Business key. */
  readonly key: string;
}

/** What a call may cost. */
export interface Reservation extends UsageKey {
  readonly model: string;
  /** The most that it may cost, in billionths. */
  readonly most: number;
}

/** What a call has cost. */
export interface Settlement extends UsageKey {
  /** Key under which it stays counted, where a later call with the same key is to be counted too. @defaultValue `key` */
  readonly as?: string | undefined;
  readonly tokens: Tokens;
  /** In billionths. */
  readonly cost: number;
}

/** Counts what is used: of each key once, and never more than the budget. */
export interface UsageLedger {
  /**
   * Keeps the most that a call may cost back from the budget; once for each key.
   * @throws PerennialError `AiBudgetUsedUp`
   */
  reserve(reservation: Reservation): Promise<void>;
  /** Counts what a call has cost in place of what was kept back; once for each key. */
  settle(settlement: Settlement): Promise<void>;
  /** Gives back what was kept back for a call that came to nothing. */
  release(key: UsageKey): Promise<void>;
  /** Most that a tenant may spend in a month, in billionths; `undefined` without a bound. */
  budgetOf(tenant: string): Promise<number | undefined>;
  /** What a tenant has used in a month. @param month - its first day, such as `2026-11-01`; @defaultValue that of now, in UTC */
  usageOf(tenant: string, month?: string): Promise<MonthOfUsage>;
  /** Sets what a tenant may spend in a month, in billionths; `undefined` for what the settings say. */
  setBudget(tenant: string, monthly: number | undefined): Promise<void>;
}

/** What a tenant has used in a month; costs in billionths. */
export interface MonthOfUsage {
  /** Such as `2026-11-01`. */
  readonly month: string;
  readonly spent: number;
  /** Kept back for calls that are under way. */
  readonly reserved: number;
  /** Absent for requests that were deleted after their time. */
  readonly models: readonly ModelUsage[];
}

/** What was used of a model. */
export interface ModelUsage {
  readonly model: string;
  readonly requests: number;
  readonly tokens: Tokens;
  readonly cost: number;
}

/** Checks values against JSON schemas. */
export interface SchemaChecker {
  /**
   * Says what is wrong with a value, by the places in the schema, and without what the value says.
   * @returns the faults, none for a value that the schema accepts
   * @throws PerennialError `AiSchemaInvalid`; the reason of the signal
   */
  faults(schema: Readonly<Record<string, unknown>>, value: unknown, signal: AbortSignal): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Makes texts that nobody reads without the keys. */
export interface TextSealer {
  seal(plain: string, about: string): string;
  /** @throws PerennialError `SealedValueUnreadable` */
  open(sealed: string, about: string): string;
}

/** Vectors of one tenant and model. */
export interface VectorSpace {
  /** Empty for the calls of nobody. */
  readonly tenant: string;
  readonly model: string;
}

/** A text by its content. */
export interface HashedText {
  readonly id: string;
  /** SHA-256 of its content, hexadecimal. */
  readonly hash: string;
}

/** Keeps vectors by content, and which texts are in which collection. */
export interface VectorStore {
  /**
   * Puts texts whose vectors are known into a collection.
   * @returns the hashes of the others, each once
   */
  put(space: VectorSpace, collection: string, texts: readonly HashedText[]): Promise<readonly string[]>;
  /** Keeps vectors by the hashes of their texts, together with what they have cost: both, or nothing. */
  keep(space: VectorSpace, vectors: ReadonlyMap<string, readonly number[]>, settlement: Settlement): Promise<void>;
  /** Returns the vector of a text, if it is known. */
  find(space: VectorSpace, hash: string): Promise<readonly number[] | undefined>;
  /** Returns the texts of a collection that are nearest, and how near. */
  nearest(search: NearestSearch): Promise<readonly { readonly id: string; readonly score: number }[]>;
}

/** A search for what is near to a vector. */
export interface NearestSearch extends VectorSpace {
  readonly collection: string;
  readonly vector: readonly number[];
  readonly limit: number;
}
