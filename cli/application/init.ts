/** `perennial init`: writes the files of a first application. */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCodes } from '../../contracts/values/exit-codes.ts';
import { type CliContext, UsageError } from '../terminal/context.ts';
import { print } from '../terminal/output.ts';
import { FILES, packageFields } from './files.ts';
import { type Product, readProduct } from './product.ts';

/** Writes what the folder does not have; files that are there stay as they are. */
export async function initApplication(context: CliContext, given: string): Promise<number> {
  const folder = path.resolve(context.cwd, given);
  const product = readProduct();
  const lines = [await writeManifest(folder, await readManifest(folder), product)];
  for (const [name, content] of Object.entries(FILES)) lines.push(await writeNew(folder, name, content));
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
