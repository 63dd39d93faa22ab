/** Modules that run as processes and threads of their own, from source or compiled. */

/**
 * Returns the module beside another one: TypeScript when that is source, JavaScript when it is compiled.
 *
 * @param from - `import.meta.url` of the module that asks
 * @param name - relative path without extension
 * @example moduleBeside(import.meta.url, './render-child')
 */
export function moduleBeside(from: string, name: string): URL {
  return new URL(`${name}${isSource(from) ? '.ts' : '.js'}`, from);
}

/** Whether a module needs the loader for TypeScript. */
export function isSource(module: string | URL): boolean {
  return String(module).endsWith('.ts');
}

/** Returns Node's arguments before a module that it runs: the loader for TypeScript where it needs one. */
export function loaderArguments(module: string | URL): string[] {
  return isSource(module) ? ['--import', import.meta.resolve('tsx')] : [];
}
