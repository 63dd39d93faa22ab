import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import type { Environment } from '../../../config/reading.ts';
import { standardLimits } from '../../../contracts/tasks/policies.ts';

const production: Environment = {
  ENVIRONMENT: 'production',
  API_KEY: '0123456789abcdef',
  DATABASE_URL: 'postgresql://u:p@prod-db:5432/ocr_db',
  TEMPORAL_ADDRESS: 'prod-temporal:7233',
  ADMIN_API_KEY: '0123456789abcdef0',
  SEAL_KEYS: `2026:${Buffer.alloc(32).toString('base64')}`,
};

describe('the profile of the environment', () => {
  it('CFG-1 production recycles readers after 5,000 pages and speaks to the production host, anything else after 1,000', () => {
    const config = loadConfig(production);
    expect(config.documents.ocr.recyclePages).toBe(5_000);
    expect(config.temporal.address).toBe('prod-temporal:7233');
    expect(loadConfig({}).documents.ocr.recyclePages).toBe(1_000);
    expect(loadConfig({ ENVIRONMENT: 'development' }).documents.ocr.recyclePages).toBe(1_000);
  });

  it('CFG-2 has the figures of production: 20 connections and 40 in need, recycled after an hour, level INFO, 300 and 600 s', () => {
    const { database, log } = loadConfig(production);
    expect(database).toMatchObject({ poolSize: 20, poolOverflow: 40, poolRecycleS: 3_600 });
    expect(log.level).toBe('INFO');
    expect([standardLimits.softMs, standardLimits.hardMs]).toEqual([300_000, 600_000]);
    expect(loadConfig({}).database).toMatchObject({ poolSize: 10, poolOverflow: 0 });
  });

  it('CFG-1 a figure that is set wins over the profile, and reaches child processes as it is', () => {
    const config = loadConfig({ ...production, OCR_RECYCLE_PAGES: '7', DATABASE_POOL_SIZE: '3' });
    expect([config.documents.ocr.recyclePages, config.database.poolSize]).toEqual([7, 3]);
    expect(loadConfig(config.variables)).toEqual(config);
  });
});

describe('CLEAN-1 CLEAN-2 CLEAN-6 the figures of housekeeping', () => {
  it('CLEAN-2 CLEAN-6 default to those of the source', () => {
    expect(loadConfig({ STATE_DIR: '/var/lib/perennial' }).housekeeping).toEqual({
      tempDir: '/var/lib/perennial/tmp',
      documentRetentionDays: 90,
      fileRetentionDays: 30,
      resultRetentionDays: 30,
      backupKeep: 7,
      diskMinFreePercent: 10,
      queueWarnLength: 1_000,
    });
  });
});
