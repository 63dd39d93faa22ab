/** The reports and e-mail domains over real parts: database, blobs in a folder, SMTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import { createLogger } from '../../../observability/logger.ts';
import { createBlobStore } from '../../../services/blobs/open.ts';
import type { BlobStore } from '../../../services/blobs/port.ts';
import { createReportStore } from '../../../services/reports/store.ts';
import type { ReportStore } from '../../../services/reports/port.ts';
import { createEmailDomain } from '../../../workers/domains/email.ts';
import { createReportsDomain } from '../../../workers/domains/reports.ts';
import type { Activities } from '../../../activities/shell/activity.ts';
import { testDatabase, type TestDatabase } from '../servers/postgres.ts';
import { startTestSmtp, type TestSmtp } from '../servers/smtp.ts';
import { silentLog } from '../silent-log.ts';

export interface ReportWorld {
  readonly test: TestDatabase;
  readonly smtp: TestSmtp;
  readonly blobs: BlobStore;
  readonly reports: ReportStore;
  readonly activities: Activities;
  stop(): Promise<void>;
}

export async function reportWorld(): Promise<ReportWorld> {
  const [test, smtp] = [await testDatabase(), await startTestSmtp()];
  const stateDir = await mkdtemp(path.join(tmpdir(), 'perennial-test-reports-'));
  const config = loadConfig({
    STATE_DIR: stateDir,
    SMTP_URL: smtp.url,
    ADMIN_EMAIL: 'admin@example.com',
    REPORT_TIME_ZONE: 'Europe/Berlin',
    PUBLIC_URL: 'https://reports.example.com',
  });
  const context = {
    config,
    database: test.db,
    logger: createLogger({ level: 'FATAL', name: 'test' }),
    shell: { log: () => silentLog, retryDelayScale: 0.001 },
  };
  const domains = [createReportsDomain(context), createEmailDomain(context)];
  return {
    test,
    smtp,
    blobs: createBlobStore(config.blobs.url),
    reports: createReportStore(test.db),
    activities: Object.assign({}, ...domains.map(({ activities }) => activities)) as Activities, // Object.assign forgets the type
    stop: async () => {
      for (const domain of domains) await domain.close?.();
      await smtp.stop();
      await test.drop();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
