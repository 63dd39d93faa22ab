/** JSON logs in the same form for every process, without secrets. */
import type { Logger as TemporalLogger } from '@temporalio/common';
import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { prettyStream } from './pretty.ts';
import { maskSecrets, redact } from './redact.ts';
import { standardError } from './standard-error.ts';

export type { Logger };

/** Levels of {@link createLogger}, from the most to the least verbose. */
export type LoggerLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';

/** What {@link createLogger} needs to know. */
export interface LoggerOptions {
  readonly level: LoggerLevel;
  /** Name of the process, for example `worker`. */
  readonly name: string;
  /**
   * Writes lines for people instead of JSON.
   * @defaultValue false
   */
  readonly pretty?: boolean;
  /**
   * Destination of the lines.
   * @defaultValue standard error, so that standard output stays free for results
   */
  readonly destination?: DestinationStream;
}

/**
 * Creates the logger of a process. Each line is one JSON object with `time` (ISO, UTC), `level`, `pid`, `name` and
 * `msg`. Hidden keys (see `redact.ts`) are replaced at any depth, credentials inside texts are masked.
 */
export function createLogger({ level, name, pretty = false, destination }: LoggerOptions): Logger {
  const sink = destination ?? standardError();
  const logger = pino(
    {
      level: level.toLowerCase(),
      base: { pid: process.pid, name },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label.toUpperCase() }),
        log: redactFields,
      },
      serializers: { err: redact }, // pino's own would copy whatever a driver hangs on its errors
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as readonly unknown[];
          const masked = [first instanceof Error ? { err: first } : first, ...rest].map((arg) =>
            typeof arg === 'string' ? maskSecrets(arg) : arg,
          );
          if (first instanceof Error && rest.length === 0) masked.push(maskSecrets(first.message));
          method.apply(this, masked as Parameters<typeof method>); // the same arguments, texts masked
        },
      },
    },
    pretty ? prettyStream(sink) : sink,
  );
  return withSafeBindings(logger);
}

type Bind = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/**
 * Redacts what `child()` binds, because pino writes it into lines without calling a formatter. Children inherit the
 * method.
 */
function withSafeBindings(logger: Logger): Logger {
  const own = Object.getPrototypeOf(logger) as { readonly child: Bind }; // pino keeps its methods there
  const child: Bind = function child(bindings, options) {
    return own.child.call(this, redactFields(bindings), options);
  };
  return Object.assign(logger, { child });
}

/** Redacts the fields of an object, which stays an object. */
const redactFields = (fields: object): Record<string, unknown> => redact(fields) as Record<string, unknown>;

/**
 * Lets Temporal's SDK write through our logger, without `taskToken`, which is long, secret-like and useless to people.
 */
export function temporalLogger(log: Logger): TemporalLogger {
  const write = (level: string, message: string, meta: Readonly<Record<string | symbol, unknown>> = {}): void => {
    const { taskToken: _dropped, ...fields } = meta;
    const method =
      level === 'TRACE'
        ? 'trace'
        : level === 'DEBUG'
          ? 'debug'
          : level === 'INFO'
            ? 'info'
            : level === 'WARN'
              ? 'warn'
              : 'error';
    log[method](fields, message);
  };
  return {
    log: write,
    trace: (message, meta) => {
      write('TRACE', message, meta);
    },
    debug: (message, meta) => {
      write('DEBUG', message, meta);
    },
    info: (message, meta) => {
      write('INFO', message, meta);
    },
    warn: (message, meta) => {
      write('WARN', message, meta);
    },
    error: (message, meta) => {
      write('ERROR', message, meta);
    },
  };
}
