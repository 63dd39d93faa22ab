/** Builds the adapters and activities of AI. */
import { createAiActivities } from '../../activities/ai/index.ts';
import type { AiPorts } from '../../activities/ai/ports.ts';
import { exitWithout } from '../../config/load.ts';
import { configTable } from '../../config/table.ts';
import type { Config } from '../../config/types.ts';
import { createKeyRing, type KeyRing } from '../../payloads/key-ring.ts';
import { openBytes, sealBytes } from '../../payloads/sealed-bytes.ts';
import { createModelProvider } from '../../services/ai/openai.ts';
import { costOf, createPrices, decimalCost } from '../../services/ai/prices.ts';
import { createSchemaChecker } from '../../services/ai/schemas.ts';
import { createTextSealer } from '../../services/ai/sealed-texts.ts';
import { createUsageLedger } from '../../services/ai/usage.ts';
import { createVectorStore } from '../../services/ai/vectors.ts';
import type { Database } from '../../services/database/pool.ts';
import type { Domain, DomainContext } from './domain.ts';

/** Builds the domain of AI with its real adapters. */
export function createAiDomain({ config, database, shell }: DomainContext): Domain {
  const keys = createKeyRing(config.sealing.keys ?? exitWithout(configTable.sealing.keys), 'SEAL_KEYS');
  const ports = aiPorts({ config: config.ai, database, keys });
  return { activities: createAiActivities(ports, shell), close: () => ports.schemas.close() };
}

/** What {@link aiPorts} are made of. */
export interface AiParts {
  readonly config: Config['ai'];
  readonly database: Database;
  /** They seal answers. */
  readonly keys: KeyRing;
}

/** Opens the ports of AI. */
export function aiPorts({ config, database, keys }: AiParts): AiPorts {
  const { prices, monthlyBudget, model, embeddingModel, cacheTtlSeconds } = config;
  return {
    provider: createModelProvider(config),
    prices: createPrices(prices),
    costs: { of: costOf, decimal: decimalCost },
    usage: createUsageLedger({ database, monthlyBudget }),
    schemas: createSchemaChecker(),
    sealer: createTextSealer({
      seal: (plain, about) => sealBytes(keys, plain, about),
      open: (sealed, about) => openBytes(keys, sealed, about),
    }),
    vectors: createVectorStore(database),
    model,
    embeddingModel,
    cacheTtlSeconds,
  };
}
