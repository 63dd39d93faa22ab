import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { configEntries, configVariables } from '../../../config/table.ts';
import { ConfigError } from '../../../config/errors.ts';
import { loadConfig, withVariables } from '../../../config/load.ts';
import type { Environment } from '../../../config/reading.ts';
import { forceUtc } from '../../../config/process.ts';
import { projectDir } from '../../../config/project.ts';
import { configurationTable } from '../../../scripts/docs/configuration.ts';
import type { Config } from '../../../config/types.ts';

function errorOf(env: Environment): ConfigError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('expected a ConfigError');
}

const namesOf = (env: Environment): string[] => errorOf(env).problems.map(({ name }) => name);

describe('loadConfig', () => {
  it('needs nothing in development', () => {
    const config = loadConfig({});
    expect(config.environment).toBe('development');
    expect(config.log.level).toBe('INFO');
    expect(config.stateDir).toBe(path.join(projectDir, '.perennial'));
    expect(config.temporal).toMatchObject({
      address: undefined,
      namespace: 'default',
      tls: { enabled: false },
      port: 7233,
      uiPort: 8233,
    });
    expect(config.api).toMatchObject({ host: '127.0.0.1', port: 8080, key: undefined, uploadMaxMb: 100 });
    expect(config.documents.ocr.processes).toBeGreaterThanOrEqual(1);
    expect(config.blobs.url).toMatch(/^file:\/\/\/.*\/\.perennial\/blobs$/);
    expect(config.documents.roots).toEqual([
      path.join(projectDir, 'samples'),
      path.join(projectDir, '.perennial', 'inbox'),
    ]);
  });

  it('takes an empty or blank variable as unset', () => {
    expect(loadConfig({ API_PORT: '', LOG_LEVEL: '  ', DATABASE_URL: '' })).toEqual(loadConfig({}));
  });

  it('names everything that is wrong at once, with what was expected, what came and what to do', () => {
    const error = errorOf({
      API_PORT: 'eighty',
      LOG_LEVEL: 'loud',
      TEMPORAL_TLS: 'yes',
      OCR_MAX_PAGES: '-1',
      ENVIRONMENT: 'prod',
      BLOB_URL: 'ftp://x/y',
    });
    expect(error.problems.map(({ name }) => name).sort()).toEqual([
      'API_PORT',
      'BLOB_URL',
      'ENVIRONMENT',
      'LOG_LEVEL',
      'OCR_MAX_PAGES',
      'TEMPORAL_TLS',
    ]);
    expect(error.message).toContain(
      "API_PORT: expected a port number from 0 to 65535 (0: any free port), got 'eighty'. Correct it or leave it unset for the default (8080).",
    );
    expect(error.message).toContain('ENVIRONMENT: expected one of development, production');
  });

  it('never prints a secret, not even a wrong one', () => {
    const env = {
      DATABASE_URL: 'mysql://me:hunter2@db/x',
      API_KEY: 'hunter2',
      BLOB_URL: 's3://key:hunter2@host',
      TEMPORAL_API_KEY: 'hunter2',
      DEEPSEEK_API_KEY: 'hunter2',
    };
    const error = errorOf(env);
    expect(error.problems.map(({ name }) => name).sort()).toEqual([
      'API_KEY',
      'BLOB_URL',
      'DATABASE_URL',
      'TEMPORAL_TLS',
    ]);
    expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`).not.toContain('hunter2');
  });

  it.each(['true', '1'])('takes %s for true', (value) => {
    expect(loadConfig({ TEMPORAL_TLS: value }).temporal.tls.enabled).toBe(true);
  });

  it.each(['yes', 'on', 'TRUE', 'flase', '2'])('refuses %s as a boolean', (value) => {
    expect(namesOf({ TEMPORAL_TLS: value })).toEqual(['TEMPORAL_TLS']);
  });

  it.each(['1e3', '0x10', '12.5', '8 080', 'NaN', '99999999999'])('refuses %s as a whole number', (value) => {
    expect(namesOf({ OCR_PAGE_TIMEOUT_MS: value })).toEqual(['OCR_PAGE_TIMEOUT_MS']);
  });

  it.each([
    ['info', 'INFO'],
    ['Warning', 'WARN'],
    ['CRITICAL', 'FATAL'],
    ['debug', 'DEBUG'],
  ])('LOG-6: understands the level %s', (given, level) => {
    expect(loadConfig({ LOG_LEVEL: given }).log.level).toBe(level);
  });

  it('refuses to start in production without a key, a database and a server', () => {
    expect(namesOf({ ENVIRONMENT: 'production' })).toEqual([
      'API_KEY',
      'DATABASE_URL',
      'TEMPORAL_ADDRESS',
      'SEAL_KEYS',
    ]);
  });

  it('refuses to show the API to other machines without a key', () => {
    expect(namesOf({ API_HOST: '0.0.0.0' })).toEqual(['API_KEY']);
    expect(loadConfig({ API_HOST: '0.0.0.0', API_KEY: '0123456789abcdef' }).api.host).toBe('0.0.0.0');
  });

  it('checks the files of an encrypted connection', () => {
    expect(namesOf({ TEMPORAL_TLS: 'true', TEMPORAL_TLS_CERT: '/no/such/file' })).toEqual([
      'TEMPORAL_TLS_CERT',
      'TEMPORAL_TLS_KEY',
    ]);
    expect(namesOf({ TEMPORAL_API_KEY: 'k' })).toEqual(['TEMPORAL_TLS']);
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'perennial-config-')), 'cert.pem');
    writeFileSync(file, 'x');
    const tls = { TEMPORAL_TLS: '1', TEMPORAL_TLS_CERT: file, TEMPORAL_TLS_KEY: file, TEMPORAL_TLS_CA: file };
    expect(loadConfig(tls).temporal.tls).toEqual({
      enabled: true,
      certFile: file,
      keyFile: file,
      caFile: file,
      serverName: undefined,
    });
  });

  it('checks the file of the bundled workflows', () => {
    expect(() => loadConfig({ WORKFLOW_BUNDLE: '/no/such/workflows.js' })).toThrow(
      /WORKFLOW_BUNDLE: expected a file that workers\/build-bundle\.ts wrote.*\/no\/such\/workflows\.js.*Correct the path/s,
    );
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'perennial-config-')), 'workflows.js');
    writeFileSync(file, 'x');
    expect(loadConfig({ WORKFLOW_BUNDLE: file }).worker.workflowBundle).toBe(file);
  });

  it.each(['temporal', 'http://temporal:7233', 'host:port', ':7233'])('refuses %s as an address', (value) => {
    expect(namesOf({ TEMPORAL_ADDRESS: value })).toEqual(['TEMPORAL_ADDRESS']);
  });

  it.each(['file:///', 's3://host/bucket', 's3://k:s@host', 'just/a/path'])('refuses %s as a blob store', (value) => {
    expect(namesOf({ BLOB_URL: value })).toEqual(['BLOB_URL']);
  });

  it('RATE-2 reads rates by queue and by key, and refuses what is none', () => {
    const given = ' messaging.sms_critical=500/m  task:shop.order/tenant:a=b=0.5/s ';
    expect(loadConfig({ WORKER_RATES: given }).worker.rates).toEqual({
      'messaging.sms_critical': { count: 500, perMs: 60_000 },
      'task:shop.order/tenant:a=b': { count: 0.5, perMs: 1_000 },
    });
    expect(loadConfig({}).worker).toMatchObject({ rates: {}, disableRateLimits: false });
    for (const wrong of ['messaging.sms_critical', 'x=0/m', 'x=-1/s', 'x=5/y', '=5/m', 'x=5/m y'])
      expect(() => loadConfig({ WORKER_RATES: wrong }), wrong).toThrow('WORKER_RATES');
  });

  it('splits folders as PATH is split and makes them absolute', () => {
    const { roots } = loadConfig({ DOCUMENT_ROOTS: ['/a', '', 'b'].join(path.delimiter) }).documents;
    expect(roots).toEqual(['/a', path.resolve('b')]);
  });

  it('CFG-7: makes UTC the time zone of the process', () => {
    const before = process.env['TZ'];
    process.env['TZ'] = 'America/New_York';
    expect(new Date(0).getTimezoneOffset()).not.toBe(0);
    forceUtc();
    expect(new Date(0).getTimezoneOffset()).toBe(0);
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });

  it('infers exact types', () => {
    expectTypeOf<Config['environment']>().toEqualTypeOf<'development' | 'production'>();
    expectTypeOf<Config['worker']['fleet']>().toEqualTypeOf<string>();
    expectTypeOf<Config['database']['url']>().toEqualTypeOf<string | undefined>();
  });
});

describe('the variables of a configuration', () => {
  it('give a child process the same configuration', () => {
    const env = {
      ENVIRONMENT: 'production',
      LOG_LEVEL: 'DEBUG',
      API_KEY: '0123456789abcdef',
      DATABASE_URL: 'postgres://u:p@h/d',
      TEMPORAL_ADDRESS: 'h:1',
      SEAL_KEYS: `2026:${Buffer.alloc(32).toString('base64')}`,
      TEMPORAL_TLS: '1',
      TEMPORAL_API_KEY: 'k',
      TEMPORAL_TLS_SERVER_NAME: 'n',
      BLOB_URL: 's3://k:s@h:9000/b?region=r&tls=false',
      DOCUMENT_ROOTS: '/a',
      STATE_DIR: '/s',
      WORKER_FLEET: 'documents',
      RETRY_DELAY_SCALE: '0.01',
      DEEPSEEK_URL: 'https://d/v1',
      DEEPSEEK_API_KEY: 'x',
      OCR_PROCESSES: '3',
      HEALTH_PORT: '0',
    };
    for (const given of [{}, env]) expect(loadConfig(loadConfig(given).variables)).toEqual(loadConfig(given));
    expect(loadConfig(env).variables).toEqual(env);
  });

  it('are those that are set and known, without blanks', () => {
    expect(loadConfig({ API_PORT: ' 81 ', LOG_LEVEL: '', PATH: '/bin' }).variables).toEqual({ API_PORT: '81' });
  });

  it('mean the same in every folder', () => {
    const list = ['a', '/b'].join(path.delimiter);
    const given = { STATE_DIR: 'state', DOCUMENT_ROOTS: list, ATTACHMENT_ROOTS: list, BACKUP_KEEP: '3' };
    const roots = [path.resolve('a'), '/b'].join(path.delimiter);
    expect(loadConfig(given).variables).toEqual({
      STATE_DIR: path.resolve('state'),
      DOCUMENT_ROOTS: roots,
      ATTACHMENT_ROOTS: roots,
      BACKUP_KEEP: '3',
    });
  });

  it('make a changed configuration, checked like any other', () => {
    const config = loadConfig({ API_PORT: '81', DOCUMENT_ROOTS: '/a' });
    const changed = withVariables(config, { DOCUMENT_ROOTS: undefined, DATABASE_URL: 'postgres://u:p@h/d' });
    expect(changed).toEqual(loadConfig({ API_PORT: '81', DATABASE_URL: 'postgres://u:p@h/d' }));
    expect(() => withVariables(config, { API_PORT: 'eighty' })).toThrow(/API_PORT: expected a port number/);
  });

  it('have each one entry', () => {
    expect(configVariables.size).toBe(configEntries.length);
  });
});

describe('configurationTable', () => {
  it('has a row with meaning and default for every entry', () => {
    const table = configurationTable();
    for (const name of configVariables)
      expect(table).toMatch(new RegExp(`^\\| \`${name}\` \\| .{10,} \\| .+ \\| .+ \\|$`, 'm'));
  });
});

describe('who may ask, and how often', () => {
  it('has bounds that normal use does not meet', () => {
    const { api, allowedHosts } = loadConfig({});
    expect(allowedHosts).toEqual([]);
    expect(api.trustedProxies).toEqual([]);
    expect(api.abuse).toEqual({
      ratePerAddress: 100,
      ratePerKey: 1_000,
      wrongKeys: 10,
      lockoutMs: 300_000,
      uploadBytesPerHour: 20_000 * 1_024 * 1_024,
    });
  });

  it('takes lists', () => {
    const { api, allowedHosts } = loadConfig({
      ALLOWED_HOSTS: 'api, jobs.example',
      API_TRUSTED_PROXIES: '10.0.0.0/8,2001:db8::/32, ::1',
    });
    expect(allowedHosts).toEqual(['api', 'jobs.example']);
    expect(api.trustedProxies).toEqual(['10.0.0.0/8', '2001:db8::/32', '::1']);
  });

  it.each([
    ['ALLOWED_HOSTS', 'jobs.example:8080'],
    ['ALLOWED_HOSTS', 'http://jobs.example'],
    ['ALLOWED_HOSTS', '*'],
    ['API_TRUSTED_PROXIES', 'proxy'],
    ['API_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['API_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['API_RATE_PER_ADDRESS', '0'],
    ['API_WRONG_KEYS', '0'],
  ])('refuses %s=%s by its name', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });
});
