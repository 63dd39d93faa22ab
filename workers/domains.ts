/** The list of domains whose activities workers run; the adapters of one are loaded when it is built. */
import type { CreateDomain } from './domains/domain.ts';

export const ai = async (): Promise<CreateDomain> => (await import('./domains/ai.ts')).createAiDomain;
export const billing = async (): Promise<CreateDomain> => (await import('./domains/billing.ts')).createBillingDomain;
export const data = async (): Promise<CreateDomain> => (await import('./domains/data.ts')).createDataDomain;
export const dlq = async (): Promise<CreateDomain> => (await import('./domains/dlq.ts')).createDeadLetterDomain;
export const documents = async (): Promise<CreateDomain> =>
  (await import('./domains/documents.ts')).createDocumentsDomain;
export const email = async (): Promise<CreateDomain> => (await import('./domains/email.ts')).createEmailDomain;
export const housekeeping = async (): Promise<CreateDomain> =>
  (await import('./domains/housekeeping.ts')).createHousekeepingDomain;
export const imports = async (): Promise<CreateDomain> => (await import('./domains/imports.ts')).createImportsDomain;
export const limits = async (): Promise<CreateDomain> => (await import('./domains/limits.ts')).createLimitsDomain;
export const media = async (): Promise<CreateDomain> => (await import('./domains/media.ts')).createMediaDomain;
export const messages = async (): Promise<CreateDomain> => (await import('./domains/messages.ts')).createMessagesDomain;
export const operations = async (): Promise<CreateDomain> =>
  (await import('./domains/operations.ts')).createOperationsDomain;
export const reports = async (): Promise<CreateDomain> => (await import('./domains/reports.ts')).createReportsDomain;
export const samples = async (): Promise<CreateDomain> => (await import('./domains/samples.ts')).createSamplesDomain;
export const schedules = async (): Promise<CreateDomain> =>
  (await import('./domains/schedules.ts')).createSchedulesDomain;
