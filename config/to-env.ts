/** The reverse of `loadConfig`: how a supervisor hands its configuration to a child process. */
import path from 'node:path';
import type { EntryName } from './env.schema.ts';
import { housekeepingEnv } from './housekeeping.ts';
import { emailEnv } from './email.ts';
import { importsEnv } from './imports.ts';
import { reportsEnv } from './reports.ts';
import { schedulesEnv } from './schedules.ts';
import type { Config } from './types.ts';

/** Environment variables from which `loadConfig` makes the same configuration again. Holds secrets. */
export function configToEnv(config: Config): Record<string, string> {
  const { temporal, database, api, worker, ocr, deepseek } = config;
  const all: Readonly<Record<EntryName, string | number | boolean | undefined>> = {
    ENVIRONMENT: config.environment,
    LOG_LEVEL: config.log.level,
    STATE_DIR: config.stateDir,
    SHUTDOWN_GRACE_MS: config.shutdownGraceMs,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_TLS: temporal.tls !== undefined,
    TEMPORAL_TLS_CERT: temporal.tls?.certFile,
    TEMPORAL_TLS_KEY: temporal.tls?.keyFile,
    TEMPORAL_TLS_CA: temporal.tls?.caFile,
    TEMPORAL_TLS_SERVER_NAME: temporal.tls?.serverName,
    TEMPORAL_API_KEY: temporal.apiKey,
    TEMPORAL_PORT: temporal.port,
    UI_PORT: temporal.uiPort,
    TEMPORAL_POWER_SAFE: temporal.powerSafe,
    PRIORITY_LEVELS: temporal.priorityLevels,
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: database.poolSize,
    DATABASE_POOL_OVERFLOW: database.poolOverflow,
    DATABASE_POOL_RECYCLE_S: database.poolRecycleS,
    DATABASE_PATIENCE_MS: database.patienceMs,
    POSTGRES_PORT: database.port,
    BLOB_URL: config.blobs.url,
    DOCUMENT_ROOTS: config.documents.roots.join(path.delimiter),
    UPLOAD_MAX_MB: api.uploadMaxMb,
    API_HOST: api.host,
    API_PORT: api.port,
    API_KEY: api.key,
    ADMIN_API_KEY: api.adminKey,
    WORKER_FLEET: worker.fleet,
    WORKER_REGION: worker.region,
    WORKER_MAX_CACHED_WORKFLOWS: worker.maxCachedWorkflows,
    RETRY_DELAY_SCALE: worker.retryDelayScale,
    HEALTH_HOST: worker.healthHost,
    HEALTH_PORT: worker.healthPort,
    OCR_ENGINE: ocr.engine,
    OCR_PROCESSES: ocr.processes,
    OCR_PAGE_TIMEOUT_MS: ocr.pageTimeoutMs,
    OCR_PAGE_MEMORY_MB: ocr.pageMemoryMb,
    OCR_RECYCLE_PAGES: ocr.recyclePages,
    OCR_MAX_PIXELS: ocr.maxPixels,
    OCR_MAX_FILE_MB: ocr.maxFileMb,
    OCR_MAX_PAGES: ocr.maxPages,
    DEEPSEEK_URL: deepseek.url,
    DEEPSEEK_API_KEY: deepseek.apiKey,
    DEEPSEEK_MODEL: deepseek.model,
    DEEPSEEK_TIMEOUT_MS: deepseek.timeoutMs,
    ...emailEnv(config.email),
    ...importsEnv(config.imports),
    ...reportsEnv(config.reports),
    ...schedulesEnv(config.schedules),
    ...housekeepingEnv(config.housekeeping),
  };
  const set = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
