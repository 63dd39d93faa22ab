/** What the package of this command says about itself. */
import { readFileSync } from 'node:fs';
import { isSource } from '../../contracts/values/modules.ts';

/** Version and packages of the product. */
export interface Product {
  readonly version: string;
  /** What its processes need beside what an installation brings, with versions. */
  readonly peers: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads the manifest of the product: that of the installed package, or that of this repository. */
export function readProduct(): Product {
  const file = new URL(isSource(import.meta.url) ? '../../package.json' : '../../../package.json', import.meta.url);
  const { version, peerDependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as Manifest; // npm checks the file
  return { version, peers: peerDependencies };
}
