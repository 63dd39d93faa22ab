/** What `perennial init` writes for production: `compose.yaml`, `Dockerfile` and what they need. */
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { composeText } from '../../../cli/application/compose.ts';
import { FILES, FIRST_FLEETS } from '../../../cli/application/files.ts';
import { initApplication } from '../../../cli/application/init.ts';
import { loadConfig } from '../../../config/load.ts';
import { productDir } from '../../../config/project.ts';
import { configVariables } from '../../../config/table.ts';
import { instructionsOf, interpolate, isOnce, readCompose, variablesOf } from '../../support/compose.ts';
import { CONFIG } from '../../support/application/folder.ts';

const ofProduct = (name: string): string => readFileSync(path.join(productDir, name), 'utf8');

const FLEETS = [
  { fleet: 'texts', processes: 1 },
  { fleet: 'media', processes: 3 },
];
const source = composeText(FLEETS);
const compose = readCompose(source);
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);

describe('DEPLOY-1: compose.yaml of an application', () => {
  it('has a service for each fleet with its processes, one for the rest, the API, and the steps before', () => {
    expect(own.map(([name, { command, deploy }]) => [name, command, deploy?.replicas])).toEqual([
      ['migrate', ['migrate'], undefined],
      ['schedules', ['schedules', 'sync'], undefined],
      ['api', ['api'], undefined],
      ['worker-rest', ['worker', '--fleet', 'rest'], 1],
      ['worker-texts', ['worker', '--fleet', 'texts'], 1],
      ['worker-media', ['worker', '--fleet', 'media'], 3],
    ]);
    expect(Object.keys(readCompose(composeText([])).services)).toContain('worker-rest');
  });

  it('runs the servers that the product is run with, set up as they are', () => {
    const servers = readCompose(ofProduct('docker-compose.yml')).services;
    for (const [name, { image, command, entrypoint, healthcheck }] of services) {
      if (own.some(([mine]) => mine === name)) continue;
      const { [name]: theirs } = servers;
      expect({ name, image, command, entrypoint }).toEqual({
        name,
        image: theirs?.image,
        command: theirs?.command,
        entrypoint: theirs?.entrypoint,
      });
      expect(healthcheck?.test.length).toBe(theirs?.healthcheck?.test.length);
    }
    const content = (name: string): string => compose.configs[name]?.content.replaceAll('$$', '$') ?? '';
    expect(content('temporal-schema')).toBe(ofProduct('ops/temporal/schema.sh'));
    expect(content('temporal-namespace')).toBe(ofProduct('ops/temporal/namespace.sh'));
    expect(ofProduct('ops/temporal/dynamic-config.yaml').endsWith(content('temporal-settings'))).toBe(true);
    for (const { content: text } of Object.values(compose.configs))
      expect(text.replaceAll('$$', '')).not.toContain('$');
  });

  test.each(services)('%s: is limited, hardened, and healthy or done', (_name, service) => {
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    expect(service.security_opt).toContain('no-new-privileges:true');
    expect(service.image).toMatch(
      service.build === undefined ? /^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/ : /^application$/,
    );
    if (!isOnce(service)) expect(service.healthcheck?.test[0]).toMatch(/^CMD(-SHELL)?$/);
  });

  test.each(services)(
    '%s: waits for services, and uses networks, volumes and files that are there',
    (_name, service) => {
      for (const [target, { condition }] of Object.entries(service.depends_on)) {
        const found = compose.services[target];
        expect(found, target).toBeDefined();
        if (found !== undefined)
          expect(condition).toBe(isOnce(found) ? 'service_completed_successfully' : 'service_healthy');
      }
      expect(service.networks).not.toEqual([]);
      for (const network of service.networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of service.volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
      for (const { source: from } of service.configs) expect(Object.keys(compose.configs)).toContain(from);
    },
  );

  test.each(own)('%s: has a valid configuration and no rights', (_name, service) => {
    for (const name of Object.keys(service.environment)) expect([...configVariables]).toContain(name);
    const values = Object.entries(service.environment).map(([name, value]) => [name, interpolate(value)]);
    expect(() => loadConfig(Object.fromEntries(values) as Record<string, string>)).not.toThrow();
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], init: true });
  });

  it('publishes the API and the Web UI alone, on this machine', () => {
    const published = services.flatMap(([name, { ports }]) => ports.map((port) => [name, port]));
    expect(published).toEqual([
      ['api', '127.0.0.1:8080:8080'],
      ['temporal-ui', '127.0.0.1:8233:8080'],
    ]);
  });

  it('keeps the databases and the server off the network that reaches outside', () => {
    for (const name of ['postgres', 'temporal-postgres', 'temporal'])
      for (const network of compose.services[name]?.networks ?? ['none'])
        expect(compose.networks[network]).toEqual({ internal: true });
  });

  it('has each secret from a variable that must be set, and .env.example names exactly those', () => {
    for (const [name, { environment }] of services)
      for (const [key, value] of Object.entries(environment))
        if (/PASSWORD|_PWD$|API_KEY|_KEYS$/.test(key)) expect(value, `${name}.${key}`).toMatch(/^\$\{\w+(:\?.+|:-)\}$/);
    const named = [...(FILES['.env.example'] ?? '').matchAll(/^(\w+)=$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(variablesOf(source));
  });
});

describe('DEPLOY-1: the Dockerfile of an application', () => {
  const instructions = instructionsOf(FILES['Dockerfile'] ?? '');
  const of = (name: string): readonly string[] =>
    instructions.filter((one) => one.name === name).map(({ rest }) => rest);

  it('builds on the image that the product is built on, in stages of which the last holds neither sources nor tools', () => {
    const [base] = instructionsOf(ofProduct('Dockerfile')).flatMap(({ name, rest }) =>
      name === 'FROM' ? [rest.split(' ')[0]] : [],
    );
    expect(of('FROM')).toEqual([`${base ?? ''} AS build`, base]);
    expect(of('COPY').slice(2)).toEqual([
      '--from=build /app/node_modules ./node_modules',
      '--from=build /app/dist ./dist',
      'package.json ./',
    ]);
  });

  it('runs as a user without rights, with a health check', () => {
    expect(of('USER')).toEqual(['node']);
    expect(of('HEALTHCHECK')[0]).toContain(compose.services['worker-rest']?.healthcheck?.test.at(-1));
  });

  it('leaves secrets, packages and what is built anew out of its context', () => {
    const ignored = (FILES['.dockerignore'] ?? '').split('\n');
    for (const name of ['node_modules', 'dist', '.env', '.perennial', '.git']) expect(ignored).toContain(name);
  });
});

describe('README.md of an application', () => {
  const readme = FILES['README.md'] ?? '';

  it('names files that are there, and commands of docs/first-application.md, which a test runs', () => {
    const files = [...readme.matchAll(/`([\w-]+\.\w+(?:\.\w+)?|[\w/-]+\/(?:[\w-]+\.ts)?)`/g)].map(
      ([, name = '']) => name,
    );
    expect(files).toContain('perennial.config.ts');
    const made = [...Object.keys(FILES), 'dist/', 'compose.yaml'];
    expect(files.filter((name) => !made.some((file) => file === name || file.startsWith(name)))).toEqual([]);
    const page = ofProduct('docs/first-application.md');
    const commands = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, code = '']) => code.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) expect(page).toContain(command.split(/ {2,}#/)[0]);
  });
});

describe('init', () => {
  let folder: string;
  let said: string;
  const init = async (): Promise<string> => {
    said = '';
    const stdout = { write: (text: string) => (said += text) };
    await initApplication({ cwd: folder, stdout } as unknown as Parameters<typeof initApplication>[0], '.');
    return said;
  };
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8');
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'perennial-init-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('writes the services of the fleets of its first configuration, and changes nothing the second time', async () => {
    await init();
    expect(await read('compose.yaml')).toBe(composeText(FIRST_FLEETS));
    await writeFile(path.join(folder, 'compose.yaml'), 'mine');
    await writeFile(path.join(folder, 'Dockerfile'), 'mine');
    expect(await init()).toMatch(/kept {4}Dockerfile(.|\n)*kept {4}compose\.yaml/);
    expect([await read('compose.yaml'), await read('Dockerfile')]).toEqual(['mine', 'mine']);
  });

  it('writes the services of the fleets of a configuration that is there', async () => {
    const fleets = `{ readers: { queues: ['documents.ocr'], processes: 2 } }`;
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(
      path.join(folder, 'perennial.config.ts'),
      `${CONFIG}export default defineConfig({ fleets: ${fleets} });`,
    );
    await init();
    expect(await read('compose.yaml')).toBe(composeText([{ fleet: 'readers', processes: 2 }]));
  });

  it('leaves it out while the configuration does not load, and beside another file of Compose', async () => {
    await writeFile(path.join(folder, 'perennial.config.ts'), 'export const = 1;');
    expect(await init()).toMatch(
      /without compose\.yaml: perennial\.config\.ts: (.|\n)*run `perennial init` again when that loads/,
    );
    await expect(read('compose.yaml')).rejects.toThrow('ENOENT');
    await writeFile(path.join(folder, 'docker-compose.yml'), 'mine');
    expect(await init()).toContain('kept    docker-compose.yml');
    await expect(read('compose.yaml')).rejects.toThrow('ENOENT');
  });
});
