import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configVariables } from '../../config/table.ts';
import { loadConfig } from '../../config/load.ts';
import { instructionsOf, interpolate, isOnce as endsByItself, readCompose, variablesOf } from '../support/compose.ts';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(resolve(REPOSITORY, path), 'utf8');

const source = text('docker-compose.yml');
const compose = readCompose(source);
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const isOnce = (name: string): boolean => endsByItself(compose.services[name]!);

const instructions = instructionsOf(text('Dockerfile'));
const instruction = (name: string): readonly string[] =>
  instructions.filter((one) => one.name === name).map((one) => one.rest);

describe('DEPLOY-1: docker-compose.yml', () => {
  test('holds the server, the Web UI, the API, the fleets, the databases and the object store', () => {
    const names = services.map(([name]) => name);
    for (const name of [
      'temporal',
      'temporal-ui',
      'api',
      'worker-workflows',
      'worker-documents',
      'worker-ai',
      'worker-billing',
      'worker-data',
      'worker-media',
      'worker-messaging',
      'postgres',
      'temporal-postgres',
      'object-store',
    ]) {
      expect(names).toContain(name);
    }
    expect(compose.services['worker-documents']!.deploy?.replicas).toBe(2);
  });

  test.each(services)('%s: image is pinned to an exact version and to its content', (_name, { image }) => {
    const [name, digest] = image.split('@');
    expect(name).toMatch(/^[\w./-]+:(?!latest)[\w.-]*\d+[.-]\d+[\w.-]*$/);
    // Ours is built from the Dockerfile beside it, whose own images are pinned.
    if (!ours.some(([own]) => own === _name)) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test.each(services)('%s: has a limit of memory and of processes', (_name, { mem_limit, pids_limit }) => {
    expect(mem_limit).toMatch(/^\d+[mg]$/);
    expect(pids_limit).toBeGreaterThan(0);
  });

  test.each(services)('%s: gains no privileges', (_name, service) => {
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  test.each(services.filter(([name]) => !isOnce(name)))(
    '%s: says whether it is healthy and comes back by itself',
    (_name, service) => {
      expect(service.healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
      expect(service.restart).toBe('unless-stopped');
    },
  );

  test.each(services)('%s: waits for services that exist, in a way that can come true', (_name, { depends_on }) => {
    for (const [target, { condition }] of Object.entries(depends_on)) {
      expect(Object.keys(compose.services)).toContain(target);
      expect(condition).toBe(isOnce(target) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  test.each(services)(
    '%s: networks and volumes are declared, mounted files exist',
    (_name, { networks, network_mode, volumes, configs }) => {
      // Either networks of its own, or those of another service.
      if (network_mode === undefined) expect(networks).not.toEqual([]);
      else expect(Object.keys(compose.services).map((other) => `service:${other}`)).toContain(network_mode);
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const { source: from } of configs) expect(Object.keys(compose.configs)).toContain(from);
      for (const volume of volumes) {
        const [from] = interpolate(volume).split(':');
        if (from!.startsWith('./')) expect(existsSync(resolve(REPOSITORY, from!))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
    },
  );

  test('publishes the API and the Web UI only, on this machine only', () => {
    const published = services.filter(([, { ports }]) => ports.length > 0);
    expect(published.map(([name]) => name).sort()).toEqual(['api', 'temporal-ui']);
    for (const [, { ports }] of published) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('keeps databases and the object store off the network that reaches outside', () => {
    const inside = Object.entries(compose.networks).filter(([, network]) => network?.internal === true);
    for (const name of ['postgres', 'temporal-postgres', 'object-store', 'temporal']) {
      for (const network of compose.services[name]!.networks) expect(inside.map(([inner]) => inner)).toContain(network);
    }
  });

  test('holds no secret: each comes from a variable that must be set', () => {
    for (const [name, { environment }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        const secret = /PASSWORD|SECRET|_PWD$|API_KEY|_KEYS$|_TOKEN$|SMTP_URL/.test(key);
        if (secret) expect(value, `${name}.${key}`).toMatch(/^\$\{\w+(:\?.+|:-)\}$/);
      }
    }
    expect(source).not.toMatch(/:\/\/\w+:[^$@\s]+@/);
  });

  test('the object store knows the application alone, and no other bucket than its own', () => {
    const { content } = compose.configs['object-store-identities']!;
    expect(content).toContain('${S3_SECRET_KEY:?');
    const { identities } = JSON.parse(interpolate(content)) as { identities: { actions: string[] }[] };
    expect(identities).toHaveLength(1);
    for (const action of identities[0]!.actions) expect(action).toMatch(/^(Read|Write|List|Tagging):perennial$/);
  });

  test('the object store listens for S3 alone beyond its container', () => {
    const { command } = compose.services['object-store']!;
    expect(command).toEqual(expect.arrayContaining(['-ip=127.0.0.1', '-ip.bind=127.0.0.1', '-s3.ip.bind=0.0.0.0']));
  });

  test('ops/example.env names exactly the variables that it takes', () => {
    const named = [...text('ops/example.env').matchAll(/^(\w+)=$/gm)].map(([, name]) => name!);
    expect(named.sort()).toEqual(variablesOf(source));
  });
});

describe('DEPLOY-1: services built from our Dockerfile', () => {
  test('are the API and the fleets', () => {
    expect(ours.map(([name]) => name).sort()).toEqual([
      'api',
      'worker-ai',
      'worker-billing',
      'worker-data',
      'worker-documents',
      'worker-media',
      'worker-messaging',
      'worker-workflows',
    ]);
  });

  test.each(ours)('%s: the command is a file of the repository that the image holds', (_name, { command }) => {
    const entry = command!.find((word) => !word.startsWith('--'))!; // what comes before are options of Node
    const source = entry.replace(/^dist\//, '').replace(/\.js$/, '.ts');
    expect(source).not.toBe(entry);
    expect(existsSync(resolve(REPOSITORY, source))).toBe(true);
    expect(instruction('COPY').some((rest) => rest.startsWith(`${source.split('/')[0]!} `))).toBe(true);
  });

  test.each(ours)(
    '%s: variables are configuration entries, and the configuration is valid',
    (_name, { environment }) => {
      for (const name of Object.keys(environment)) expect([...configVariables]).toContain(name);
      const values = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, interpolate(value)]));
      expect(() => loadConfig(values)).not.toThrow();
    },
  );

  test.each(ours)(
    '%s: asks its health address at the port that it serves',
    (_name, { environment, healthcheck, command }) => {
      const port = command![0] === 'dist/api/main.js' ? environment['API_PORT'] : environment['HEALTH_PORT'];
      expect(healthcheck!.test.at(-1)).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port!}/health/(live|ready)$`));
    },
  );

  test.each(ours)('%s: runs on a read-only file system without capabilities', (_name, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
  });
});

describe('DEPLOY-1: the Dockerfile', () => {
  test('builds on images of an exact version and content', () => {
    for (const image of instruction('FROM'))
      expect(image.split(' ')[0]).toMatch(/^[\w./-]+:\d+\.\d+\.\d+[\w.-]*@sha256:[0-9a-f]{64}$/);
  });

  test('copies paths that exist and that .dockerignore lets through', () => {
    const allowed = text('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    const paths = instruction('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(/\s+/).slice(0, -1));
    expect(paths.length).toBeGreaterThan(10);
    for (const path of paths) {
      expect(existsSync(resolve(REPOSITORY, path)), path).toBe(true);
      expect(allowed).toContain(path);
    }
  });

  test('copies every folder that the entries import', async () => {
    const { checkImports } = await import('../../scripts/check/imports.ts');
    const { edges } = await checkImports();
    const copied = instruction('COPY').flatMap((rest) => rest.split(/\s+/));
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const next of edges.get(path) ?? []) visit(next);
    };
    for (const entry of ['api/main.ts', 'workers/main.ts', 'workflows/index.ts', 'cli/main.ts']) visit(entry);
    expect([...seen].filter((path) => !copied.includes(path.split('/')[0]!))).toEqual([]);
  });

  test('runs as a user without rights, under an init, with a health check', () => {
    expect(instruction('USER')).toEqual(['node']);
    expect(instruction('ENTRYPOINT')[0]).toContain('"tini", "--"');
    expect(instruction('HEALTHCHECK')[0]).toContain('ops/healthcheck.mjs');
  });

  test('healthcheck.mjs tells a live address from a dead one', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => response.writeHead(request.url === '/live' ? 200 : 503).end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = z.object({ port: z.number() }).parse(server.address());
    const exitCode = async (path: string): Promise<number | null> => {
      const { spawn } = await import('node:child_process');
      const child = spawn('node', ['ops/healthcheck.mjs', `http://127.0.0.1:${address.port}${path}`], {
        cwd: REPOSITORY,
        stdio: 'ignore',
      });
      return new Promise((done) => child.on('exit', done));
    };
    expect(await exitCode('/live')).toBe(0);
    expect(await exitCode('/ready')).toBe(1);
    server.close();
  });
});

test('the shell scripts of ops/ and .ci/ are well-formed and the latter may be run', () => {
  for (const script of ['ops/object-store.sh', 'ops/temporal/schema.sh', 'ops/temporal/namespace.sh']) {
    execFileSync('sh', ['-n', resolve(REPOSITORY, script)]);
  }
  execFileSync('bash', ['-n', resolve(REPOSITORY, '.ci/run')]);
  expect(statSync(resolve(REPOSITORY, '.ci/run')).mode & 0o111).not.toBe(0);
});
