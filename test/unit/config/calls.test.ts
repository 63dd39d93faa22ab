import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';

const production = {
  ENVIRONMENT: 'production',
  API_KEY: 'a-key-of-sixteen-characters',
  DATABASE_URL: 'postgres://u:p@db/x',
  TEMPORAL_ADDRESS: 'temporal:7233',
  SEAL_KEYS: `2026:${Buffer.alloc(32).toString('base64')}`,
};

describe('settings of calling tasks', () => {
  it('P3-01 the server tells five priorities apart unless the configuration says ten', () => {
    expect(loadConfig({}).temporal.priorityLevels).toBe(5);
    expect(loadConfig({ PRIORITY_LEVELS: '10' }).temporal.priorityLevels).toBe(10);
    expect(() => loadConfig({ PRIORITY_LEVELS: '7' })).toThrow(/PRIORITY_LEVELS/);
  });

  it('P3-21 a worker takes the calls of all regions in development and of none in production', () => {
    expect(loadConfig({}).worker.region).toBe('all');
    expect(loadConfig(production).worker.region).toBe('none');
    expect(loadConfig({ ...production, WORKER_REGION: 'eu-west' }).worker.region).toBe('eu-west');
    expect(() => loadConfig({ WORKER_REGION: 'mars' })).toThrow(/WORKER_REGION/);
  });

  it('P3-20 the key of administrators is never short, and reaches child processes', () => {
    expect(() => loadConfig({ ADMIN_API_KEY: 'short' })).toThrow(/ADMIN_API_KEY/);
    const config = loadConfig({
      ADMIN_API_KEY: 'long-enough-to-be-a-key',
      WORKER_REGION: 'asia',
      PRIORITY_LEVELS: '10',
    });
    const again = loadConfig(config.variables);
    expect(again.api.adminKey).toBe('long-enough-to-be-a-key');
    expect(again.worker.region).toBe('asia');
    expect(again.temporal.priorityLevels).toBe(10);
  });
});
