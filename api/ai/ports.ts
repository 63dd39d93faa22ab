/** The port that only the routes of AI use. */
import type { UsageLedger } from '../../services/ai/port.ts';
import { createUsageLedger } from '../../services/ai/usage.ts';
import type { ApiRoot } from '../root.ts';
import type { ApiServices } from '../services.ts';

/** The port of AI. */
export interface AiPorts {
  readonly aiUsage: Pick<UsageLedger, 'usageOf' | 'budgetOf' | 'setBudget'>;
}

/** What the handlers of AI may use. */
export type AiServices = ApiServices & AiPorts;

/** Builds the port over the database. */
export function openAiPorts({ database, config }: ApiRoot): AiPorts {
  return { aiUsage: createUsageLedger({ database, monthlyBudget: config.ai.monthlyBudget }) };
}
