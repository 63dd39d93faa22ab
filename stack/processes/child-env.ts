/** The environment of every process that the supervisor starts; derived here and nowhere else. */
import { configVariables } from '../../config/table.ts';
import type { Config } from '../../config/types.ts';

/** What {@link childEnv} is made from. */
export interface ChildEnvOptions {
  readonly config: Config;
  readonly addresses: { readonly temporal: string; readonly database: string; readonly smtp?: string };
  /** Settings of this one child, for example `{ HEALTH_PORT: '9092' }`. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** What the child inherits. @defaultValue the environment of this process */
  readonly base?: NodeJS.ProcessEnv;
}

/** Tells `follow-parent.ts` whose end is the child's end. */
export const PARENT_VARIABLE = 'PERENNIAL_SUPERVISOR_PID';

/**
 * Environment of a child: what the supervisor itself has, with every
 * configuration entry from `config` alone, so that a stray variable of the
 * shell cannot contradict it.
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
    // glibc gives each thread a heap of its own and returns little of it: half of a worker's memory after an import.
    MALLOC_ARENA_MAX: base['MALLOC_ARENA_MAX'] ?? '2',
    // Blocks of files go back to the system as soon as they are free: left to itself, glibc soon keeps them to reuse them.
    MALLOC_MMAP_THRESHOLD_: base['MALLOC_MMAP_THRESHOLD_'] ?? '262144',
    [PARENT_VARIABLE]: String(process.pid),
    ...overrides,
  };
}
