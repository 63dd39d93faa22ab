/** Calls of a provider that cost something: first what they may cost is kept back, then what they cost is counted. */
import { PerennialError } from '../../contracts/failures.ts';
import type { Price, Tokens } from '../../services/ai/port.ts';
import type { AiPorts } from './ports.ts';

/** A call that costs something. */
export interface CountedCall {
  readonly tenant: string;
  /** Business key: it is counted once. */
  readonly key: string;
  readonly model: string;
  /** The most tokens that it may need. */
  readonly most: Tokens;
}

/** Tokens that a message has besides its text, such as those of its role. */
const TOKENS_OF_MESSAGE = 16;

/** Returns the most tokens that texts can have: a token has at least one byte. */
export function mostTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + TOKENS_OF_MESSAGE, 0);
}

/** Returns what a model costs. @throws PerennialError `AiPriceMissing` when nobody has said it, and there is a budget */
export async function priceFor({ prices, usage }: AiPorts, tenant: string, model: string): Promise<Price | undefined> {
  const price = prices.of(model);
  if (price !== undefined || (await usage.budgetOf(tenant)) === undefined) return price;
  throw new PerennialError('AiPriceMissing', `expected AI_PRICES to have the model ${model}, got other models`);
}

/**
 * Makes a call within the budget. What it may cost is given back when it fails.
 *
 * @throws PerennialError `AiBudgetUsedUp`, `AiPriceMissing`; what the call throws
 */
export async function withinBudget<T>(
  ports: AiPorts,
  { tenant, key, model, most }: CountedCall,
  call: (price: Price | undefined) => Promise<T>,
): Promise<T> {
  const { usage, costs } = ports;
  const price = await priceFor(ports, tenant, model);
  await usage.reserve({ tenant, key, model, most: costs.of(price, most) });
  try {
    return await call(price);
  } catch (error) {
    // Without the database it is given back after a day.
    await usage.release({ tenant, key }).catch(() => undefined);
    throw error;
  }
}
