/** The port that only the routes of AI use. */
import type { UsageLedger } from '../../services/ai/port.ts';
import { billionthsOf, decimalCost } from '../../services/ai/prices.ts';
import { createUsageLedger } from '../../services/ai/usage.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of AI. */
export interface AiPorts {
  readonly aiUsage: Pick<UsageLedger, 'usageOf' | 'budgetOf' | 'setBudget'>;
  /** Amounts between billionths, in which they are kept, and decimal numbers. */
  readonly aiCosts: {
    decimal(billionths: number): string;
    billionths(amount: number): number;
  };
}

/** What the handlers of AI may use. */
export type AiServices = ApiServices & AiPorts;

/** Builds the port over the database. */
export function openAiPorts({ database, config }: ApiRoot): AiPorts {
  return {
    aiUsage: createUsageLedger({ database, monthlyBudget: config.ai.monthlyBudget }),
    aiCosts: { decimal: decimalCost, billionths: billionthsOf },
  };
}
