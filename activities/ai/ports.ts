/** The ports of AI; composition roots supply them. */
import type {
  ModelProvider,
  Price,
  Prices,
  SchemaChecker,
  TextSealer,
  Tokens,
  UsageLedger,
  VectorStore,
} from '../../services/ai/port.ts';

/** Counts and writes costs. */
export interface Costs {
  /** In billionths of the currency. */
  of(price: Price | undefined, tokens: Tokens): number;
  /** As a decimal number. */
  decimal(billionths: number): string;
}

/** All ports of AI. */
export interface AiPorts {
  readonly provider: ModelProvider;
  readonly prices: Prices;
  readonly costs: Costs;
  readonly usage: UsageLedger;
  readonly schemas: SchemaChecker;
  readonly sealer: TextSealer;
  /** Model that is asked when a call names none. */
  readonly model: string;
  readonly vectors: VectorStore;
  /** Model that makes vectors when a call names none. */
  readonly embeddingModel: string;
  /** Time for which an answer is known, in seconds. */
  readonly cacheTtlSeconds: number;
}
