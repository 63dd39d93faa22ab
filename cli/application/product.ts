/** What the package of this command says about itself. */
import { readFileSync } from 'node:fs';
import { isSource } from '../../contracts/values/modules.ts';

/** Versions by the name of a package. */
type Versions = Readonly<Record<string, string>>;

/** Version and packages of the product. */
export interface Product {
  readonly version: string;
  /** What processes need in production beside what an installation brings, with versions; plug-ins need more. */
  readonly running: Versions;
  /** What `perennial dev` and `perennial build` need beside that. */
  readonly tools: Versions;
}

interface Manifest {
  readonly version: string;
  readonly peerDependencies?: Versions;
}

/** Packages by the program that needs them. */
type Needs = Readonly<Record<'worker' | 'API' | 'check' | 'stack' | 'build', readonly string[]>>;

/** Reads the manifest of the product: that of the installed package, or that of this repository. */
export function readProduct(): Product {
  const { version, peerDependencies } = read(
    isSource(import.meta.url) ? '../../package.json' : '../../../package.json',
  ) as Manifest; // npm checks the file
  // In this repository everything is installed.
  if (peerDependencies === undefined) return { version, running: {}, tools: {} };
  const { worker, API, check, stack, build } = read('../../../bin/needs.json') as Needs;
  const runs = new Set([...worker, ...API, ...check]);
  const builds = new Set([...stack, ...build].filter((name) => !runs.has(name)));
  const of = (names: ReadonlySet<string>): Versions =>
    Object.fromEntries(Object.entries(peerDependencies).filter(([name]) => names.has(name)));
  return { version, running: of(runs), tools: of(builds) };
}

/** Reads a file of the package, which its build has written. */
function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}
