/** A folder in which an application has installed the product: with the compiled modules in place of the package. */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../../../config/project.ts';
import { entries, PACKAGE } from '../../../scripts/package/entries.ts';
import { provideProduct } from '../../../stack/product.ts';

/** Installs the product and the packages of this repository; returns the folder of the compiled modules. */
export async function installProduct(folder: string): Promise<string> {
  const compiled = await provideProduct();
  const modules = path.join(folder, 'node_modules');
  linkAll(path.join(projectDir, 'node_modules'), modules, ['.bin']);
  linkAll(path.join(projectDir, 'node_modules/.bin'), path.join(modules, '.bin'));
  symlinkSync(path.join(projectDir, 'cli/perennial.mjs'), path.join(modules, '.bin/perennial'));
  const product = path.join(modules, PACKAGE);
  mkdirSync(product, { recursive: true });
  symlinkSync(compiled, path.join(product, 'dist'));
  const exports = Object.fromEntries(
    Object.values(entries).flatMap(({ path: name, modules: [file = ''] }) =>
      name === undefined ? [] : [[name, `./dist/${file.replace(/\.ts$/, '.js')}`]],
    ),
  );
  writeFileSync(path.join(product, 'package.json'), JSON.stringify({ name: PACKAGE, type: 'module', exports }));
  return compiled;
}

function linkAll(from: string, to: string, except: readonly string[] = []): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from))
    if (!except.includes(name)) symlinkSync(path.join(from, name), path.join(to, name));
}
