/** What the imports domain contributes to the contracts. */
import { definePipeline, type DomainContract } from '../domain.ts';
import type { ImportInput, ImportResult } from './schema.ts';
import { importTasks } from './tasks.ts';
import { importWorkflowId, importWorkflows } from './vocabulary.ts';

export const imports = {
  tasks: importTasks,
  workflows: importWorkflows,
  pipelines: {
    dataImport: definePipeline<ImportInput, ImportResult>(importWorkflowId),
  },
} as const satisfies DomainContract;
