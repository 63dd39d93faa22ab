/** `perennial init`: writes the files of a first application. */
import { existsSync } from 'node:fs';
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as applicationFleets from '../../application/fleets.ts';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { moduleBeside } from '../../contracts/values/modules.ts';
import { type CliContext, UsageError } from '../terminal/context.ts';
import { print } from '../terminal/output.ts';
import { composeText } from './compose.ts';
import { FILES, FIRST_FLEETS, packageFields } from './files.ts';
import { type Product, readProduct } from './product.ts';

/** Writes what the folder does not have; files that are there stay as they are. */
export async function initApplication(context: CliContext, given: string): Promise<number> {
  const folder = path.resolve(context.cwd, given);
  const product = readProduct();
  const lines = [await writeManifest(folder, await readManifest(folder), product)];
  // Before there is a configuration from here.
  const compose = await writeCompose(folder);
  for (const [name, content] of Object.entries(FILES)) lines.push(await writeNew(folder, name, content));
  lines.push(compose);
  const inside = path.relative(context.cwd, folder);
  const steps = [
    ...(inside === '' ? [] : [`cd ${inside}`]),
    'npm install',
    'npm test',
    'npx perennial dev',
    'npx tsx call.ts',
  ];
  print(context, [...lines, '', 'Next:', ...steps.map((step) => `  ${step}`)].join('\n'));
  return exitCodes.ok;
}

type Manifest = Readonly<Record<string, unknown>>;

async function readManifest(folder: string): Promise<Manifest> {
  const file = path.join(folder, 'package.json');
  try {
    const parsed: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Manifest; // an object of JSON
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
  }
  throw new UsageError(
    `${file}: expected an object as JSON, got something else. Mend the file, or choose another folder.`,
  );
}

/** Adds what is missing; what the application has said itself stays. */
async function writeManifest(folder: string, manifest: Manifest, product: Product): Promise<string> {
  const isNew = Object.keys(manifest).length === 0;
  const added = packageFields(path.basename(folder), product);
  const merged = { ...added, ...manifest } as Record<string, unknown>;
  for (const key of ['scripts', 'dependencies', 'devDependencies'] as const)
    merged[key] = { ...added[key], ...(manifest[key] as object | undefined) };
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(merged, null, 2)}\n`);
  return `${isNew ? 'made   ' : 'changed'} package.json`;
}

/** Names that Compose looks for; it takes the first that is there. */
const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/** Writes the services of the fleets that the configuration of the folder declares. */
async function writeCompose(folder: string): Promise<string> {
  const [name] = COMPOSE_FILES;
  const there = COMPOSE_FILES.find((file) => existsSync(path.join(folder, file)));
  if (there !== undefined) return `kept    ${there}`;
  // The modules of an application are loaded by packages that `init` begins without.
  const { href } = moduleBeside(import.meta.url, '../../application/fleets');
  const { declaredFleets } = (await import(href)) as typeof applicationFleets; // the module at that path
  try {
    return await writeNew(folder, name, composeText((await declaredFleets(folder)) ?? FIRST_FLEETS));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `without ${name}: ${reason}\n        It names the fleets of the configuration; run \`perennial init\` again when that loads.`;
  }
}

async function writeNew(folder: string, name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return `kept    ${name}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return `made    ${name}`;
}
