/** What the package of this command says about itself. */
import { readFileSync } from 'node:fs';
import { isSource } from '../../contracts/values/modules.ts';

/** Version and packages of the product. */
export interface Product {
  readonly version: string;
  /** What `perennial dev` needs beside what an installation brings, with versions; plug-ins need more. */
  readonly peers: Readonly<Record<string, string>>;
}

interface Manifest {
  readonly version: string;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packages by the program that needs them. */
type Needs = Readonly<Record<'stack', readonly string[]>>;

/** Reads the manifest of the product: that of the installed package, or that of this repository. */
export function readProduct(): Product {
  const { version, peerDependencies } = read(
    isSource(import.meta.url) ? '../../package.json' : '../../../package.json',
  ) as Manifest; // npm checks the file
  // In this repository everything is installed.
  if (peerDependencies === undefined) return { version, peers: {} };
  const { stack } = read('../../../bin/needs.json') as Needs;
  const peers = Object.entries(peerDependencies).filter(([name]) => stack.includes(name));
  return { version, peers: Object.fromEntries(peers) };
}

/** Reads a file of the package, which its build has written. */
function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
