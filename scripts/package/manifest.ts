/** The manifest of the published package, derived from that of this repository and from what the entries import. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { entries, type Entry, PACKAGE } from './entries.ts';
import { needsOf } from './graph.ts';

/** The part of `package.json` that is used. */
export interface Manifest {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Versions;
  readonly devDependencies: Versions;
}

/** Versions by the name of a package. */
export type Versions = Readonly<Record<string, string>>;

/** What the entries need, split into what an installation brings and what an application adds. */
export interface Requirements {
  /** Exact versions, because a client and a worker must agree on what they write into histories. */
  readonly dependencies: Versions;
  /** Packages that only some entries need, with the versions that work. */
  readonly optionalPeers: Versions;
}

/** Folder of the compiled modules in the package, as in this repository. */
export const MODULES = 'dist';

/** Reads `package.json` of this repository. */
export function readManifest(root: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest; // npm checks the file
}

/** Lists the packages that an entry loads, sorted by name. */
export function packagesOf(root: string, { modules, without = [], alsoNeeds = [] }: Entry): readonly string[] {
  return [...needsOf(root, modules, { without }).packages.keys(), ...alsoNeeds].sort();
}

/**
 * Computes the requirements of the package.
 *
 * @throws Error when an entry loads a package that is not a dependency of this repository
 */
export function requirementsOf(root: string): Requirements {
  const { dependencies: versions, devDependencies } = readManifest(root);
  const all = Object.values(entries);
  const extras = all.flatMap((entry) => Object.keys(entry.extras ?? {}));
  const always = new Set(all.flatMap((entry) => broughtBy(root, entry)));
  const others = new Set(all.flatMap((entry) => packagesOf(root, entry)).filter((name) => !always.has(name)));
  return {
    dependencies: pick(versions, always, (_, version) => version),
    // An image of the product does without the extras, so they are there for the tests alone.
    optionalPeers: { ...pick(versions, others, range), ...pick(devDependencies, extras, range) },
  };
}

/** Makes the manifest of the package. */
export function packageManifest(root: string): object {
  const { version, description, license, engines } = readManifest(root);
  const { dependencies, optionalPeers } = requirementsOf(root);
  return {
    name: PACKAGE,
    version,
    description,
    license,
    type: 'module',
    engines,
    files: ['bin', MODULES, 'CHANGELOG.md'],
    bin: { perennial: 'bin/perennial.mjs' },
    sideEffects: ['./bin/*', ...[...programs()].map((file) => `./${compiled(file, '.js')}`)],
    exports: { ...exportsOf(), './package.json': './package.json' },
    dependencies,
    peerDependencies: optionalPeers,
    peerDependenciesMeta: Object.fromEntries(Object.keys(optionalPeers).map((name) => [name, { optional: true }])),
    // A scope is private by default.
    publishConfig: { access: 'public' },
  };
}

/** Packages that an installation brings for an entry. */
function broughtBy(root: string, entry: Entry): readonly string[] {
  if (entry.always === false) return [];
  return entry.always === true
    ? packagesOf(root, entry)
    : [...needsOf(root, entry.modules, { atStart: true }).packages.keys()];
}

/** Temporal's packages belong to one release; of others, any version that keeps its promises will do. */
function range(name: string, version: string): string {
  return name.startsWith('@temporalio/') ? version : `^${version}`;
}

function pick(versions: Versions, names: Iterable<string>, write: (name: string, version: string) => string): Versions {
  return Object.fromEntries(
    [...names].sort().map((name) => {
      const version = versions[name];
      if (version === undefined)
        throw new Error(`expected ${name} among the packages of package.json, found none; add it there`);
      return [name, write(name, version)];
    }),
  );
}

function exportsOf(): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.values(entries).flatMap(({ path: name, modules: [file] }) =>
      name === undefined || file === undefined
        ? []
        : [[name, { types: `./${compiled(file, '.d.ts')}`, default: `./${compiled(file, '.js')}` }]],
    ),
  );
}

/** Modules that do something when they are loaded. */
function programs(): Iterable<string> {
  return new Set(Object.values(entries).flatMap(({ path: name, modules }) => (name === undefined ? modules : [])));
}

function compiled(file: string, end: string): string {
  return `${MODULES}/${file.replace(/\.ts$/, end)}`;
}
