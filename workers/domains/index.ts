/** All activities of the catalogue over real adapters, domain by domain. */
import type { OcrReader } from '../../services/ocr/port.ts';
import { createDocumentsDomain } from './documents.ts';
import type { Domain, DomainContext } from './domain.ts';
import { createEmailDomain } from './email.ts';
import { createHousekeepingDomain } from './housekeeping.ts';
import { createImportsDomain } from './imports.ts';
import { createOwnDomain } from './own.ts';
import { createReportsDomain } from './reports.ts';
import { createSchedulesDomain } from './schedules.ts';
import { createTasksDomain } from './limits-and-samples.ts';
import type { Activities } from '../workers.ts';

/** Builds every domain; `reader` stands in for the one of the configuration, for measurements. */
export function createDomains(context: DomainContext, { reader }: { reader?: OcrReader } = {}): Required<Domain> {
  const domains: readonly Domain[] = [
    createDocumentsDomain(context, reader),
    createTasksDomain(context),
    createSchedulesDomain(context),
    createEmailDomain(context),
    createReportsDomain(context),
    createHousekeepingDomain(context),
    createImportsDomain(context),
    createOwnDomain(context),
  ];
  return {
    activities: Object.assign({}, ...domains.map(({ activities }) => activities)) as Activities, // Object.assign forgets the type
    close: async () => {
      await Promise.allSettled(domains.map((domain) => domain.close?.() ?? Promise.resolve()));
    },
  };
}
