/** The environment of every process that the supervisor starts. */
import { configVariables } from '../../config/table.ts';
import type { Config } from '../../config/types.ts';

/** Options of {@link childEnv}. */
export interface ChildEnvOptions {
  readonly config: Config;
  readonly addresses: { readonly temporal: string; readonly database: string; readonly smtp?: string };
  /** Variables of this child, for example `{ HEALTH_PORT: '9092' }`. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Environment that the child inherits. @defaultValue the environment of this process */
  readonly base?: NodeJS.ProcessEnv;
}

/** Variable that names the process whose end `follow-parent.ts` waits for. */
export const PARENT_VARIABLE = 'PERENNIAL_SUPERVISOR_PID';

/**
 * Makes the environment of a child: that of the supervisor, with all configuration variables taken from `config`, so that a
 * variable of the shell cannot contradict it.
 */
export function childEnv({
  config,
  addresses,
  overrides = {},
  base = process.env,
}: ChildEnvOptions): NodeJS.ProcessEnv {
  const foreign = Object.entries(base).filter(([name]) => !configVariables.has(name));
  return {
    ...Object.fromEntries(foreign),
    ...(addresses.smtp === undefined ? {} : { SMTP_URL: addresses.smtp }),
    ...config.variables,
    TEMPORAL_ADDRESS: addresses.temporal,
    DATABASE_URL: addresses.database,
    TZ: 'UTC',
    // glibc gives each thread a heap and returns little of it, which is half of a worker's memory after an import.
    MALLOC_ARENA_MAX: base['MALLOC_ARENA_MAX'] ?? '2',
    // Large blocks are returned to the system when they are freed; by default, glibc soon starts to keep them.
    MALLOC_MMAP_THRESHOLD_: base['MALLOC_MMAP_THRESHOLD_'] ?? '262144',
    [PARENT_VARIABLE]: String(process.pid),
    ...overrides,
  };
}
