/** Settings of every process. */
import path from 'node:path';
import { z } from 'zod';
import { choice, filePath, list, mapped, number, optional, parsed } from '../entries.ts';
import { nearestApplication, productVersion, projectDir } from '../project.ts';

/** Log levels from the most to the least verbose. */
const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

const LEVEL_ALIASES: Readonly<Record<string, string>> = { WARNING: 'WARN', CRITICAL: 'FATAL' };

export const general = {
  environment: choice('ENVIRONMENT', ['development', 'production'], 'development', {
    doc: 'Profile. `production` refuses to start without API_KEY, DATABASE_URL, TEMPORAL_ADDRESS and SEAL_KEYS.',
  }),
  log: {
    level: parsed<(typeof LOG_LEVELS)[number]>(
      'LOG_LEVEL',
      {
        expected: `one of ${LOG_LEVELS.join(', ')}`,
        schema: z
          .string()
          .transform((value) => LEVEL_ALIASES[value.toUpperCase()] ?? value.toUpperCase())
          .pipe(z.enum(LOG_LEVELS)),
        fallback: 'INFO',
      },
      {
        doc: 'Least severe level that is logged. WARNING and CRITICAL are understood too; case does not matter.',
        defaultText: 'INFO',
      },
    ),
  },
  /** Absolute; `undefined` outside of an application. */
  applicationDir: mapped(
    filePath('APPLICATION_DIR', 'a folder', {
      doc: 'Folder of the application that uses Perennial: the one with its `perennial.config.ts`.',
      defaultText: 'the nearest one, from the working folder up',
    }),
    (folder) => folder ?? nearestApplication(process.cwd()),
  ),
  applicationFaults: choice('APPLICATION_FAULTS', ['refuse', 'report'], 'refuse', {
    doc: 'What a process does about an application with faults: it refuses to start, or it reports them and leaves out what is faulty, as `perennial dev` does.',
  }),
  /** Absolute. */
  stateDir: mapped(
    filePath('STATE_DIR', 'a folder', {
      doc: 'Folder of the local stack: databases, blobs, logs, pid files.',
      defaultText: '`.perennial` in the folder of the application, or else in that of the product',
    }),
    (folder, { applicationDir }) => folder ?? path.join(applicationDir ?? projectDir, '.perennial'),
  ),
  /** Host names without ports. */
  allowedHosts: list(
    'ALLOWED_HOSTS',
    'host names without ports, separated by commas',
    (value) => /^[a-z0-9][a-z0-9._-]{0,252}$/i.test(value),
    {
      doc: 'Further names under which the API and the health servers may be asked, for example `api` in a network of containers. Requests for any other name are refused; addresses, `localhost`, API_HOST, HEALTH_HOST and the host of PUBLIC_URL may always be asked.',
    },
  ),
  failureMail: choice('FAILURE_MAIL', ['admin', 'none'], 'admin', {
    doc: 'Who is told when a task has failed for good: ADMIN_EMAIL, once an hour for each cause, or nobody.',
  }),
  sentryDsn: optional(
    'SENTRY_DSN',
    'https://KEY@HOST/PROJECT',
    (value) => /^https?:\/\/[^@/\s]+@[^/\s]+\/(?:\S+\/)?\d+$/.test(value),
    {
      doc: 'Project of Sentry that is told of every dead letter, redacted.',
      defaultText: 'nobody is told',
      secret: true,
    },
  ),
  version: mapped(
    optional('BUILD_VERSION', 'up to 100 printable characters', (value) => /^[\x21-\x7e]{1,100}$/.test(value), {
      doc: 'Version of your code, such as a commit, as dead letters show it: a cause counts anew with each version.',
      defaultText: 'the version of Perennial',
    }),
    (version) => version ?? productVersion,
  ),
  shutdownGraceMs: number(
    'SHUTDOWN_GRACE_MS',
    10_000,
    { min: 0, max: 3_600_000 },
    { doc: 'How long running work may take to finish when a process is told to stop.', unit: 'ms' },
  ),
};
