/** Bundles workflows for the sandbox in the same way for workers, tests and gates. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  type BundleOptions,
  type Logger,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { moduleBeside } from '../contracts/values/modules.ts';

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

/** Entry file of the bundle of our workflows. */
export const workflowsPath = fileURLToPath(moduleBeside(import.meta.url, '../workflows/index'));

const failureConverterPath = fileURLToPath(moduleBeside(import.meta.url, '../payloads/failure-converter'));

const interceptorsPath = fileURLToPath(moduleBeside(import.meta.url, '../workflows/interceptors'));

const payloadConverterPath = fileURLToPath(moduleBeside(import.meta.url, '../workflows/payload-converter'));

const preloadedPath = fileURLToPath(moduleBeside(import.meta.url, '../workflows/preloaded'));

/** Folder of the packages that the product uses. */
const packages = path.resolve(createRequire(import.meta.url).resolve('@temporalio/workflow/package.json'), '../../..');

const nothing = (): void => undefined;
/** A logger that says nothing. */
export const QUIET: Logger = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};

/** What Node 20 runs as it stands. The SDK's own choice, ES2017, turns each spread into a call of a helper. */
const TARGET = 'es2022';

/** Bundles the workflows that a module exports. The bundler logs to the given logger only. */
export function bundleWorkflows(
  entry: string = workflowsPath,
  logger: Logger = QUIET,
): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode(optionsOf(entry, logger, (config) => config));
}

function optionsOf(entry: string, logger: Logger, also: (config: WebpackConfig) => WebpackConfig): BundleOptions {
  return {
    workflowsPath: entry,
    workflowInterceptorModules: [interceptorsPath],
    payloadConverterPath,
    preloadModules: [preloadedPath],
    failureConverterPath,
    logger,
    webpackConfigHook: (config) => also(inModernCode(config)),
  };
}

/** As {@link bundleWorkflows}, with the files that went into the bundle. */
export async function bundleWithFiles(entry: string, logger: Logger): Promise<{ code: string; files: string[] }> {
  const files = new Set([fileURLToPath(import.meta.url)]); // its settings decide too
  const { code } = await bundleWorkflowCode(optionsOf(entry, logger, (config) => noteFiles(config, files)));
  return { code, files: [...files].sort() };
}

/** Notes the files of all modules once the bundle is made. */
function noteFiles(config: WebpackConfig, files: Set<string>): WebpackConfig {
  const plugin = {
    apply: (compiler: Compiler): void => {
      compiler.hooks.compilation.tap('files', (compilation) => {
        compilation.hooks.succeedModule.tap('files', (module) => {
          const { resource } = module as { readonly resource?: unknown };
          // The bundler's own entry is no file on the disk.
          if (typeof resource === 'string' && existsSync(resource)) files.add(resource);
        });
      });
    },
  };
  return { ...config, plugins: [...(config.plugins ?? []), plugin] };
}

/** What of the bundler's compiler is used. */
interface Compiler {
  readonly hooks: { readonly compilation: Hook<{ readonly hooks: { readonly succeedModule: Hook<object> } }> };
}

interface Hook<T> {
  tap(name: string, listener: (value: T) => void): void;
}

/** Every sandbox loads the bundle, so it holds neither comments nor what only old engines need. */
function inModernCode(config: WebpackConfig): WebpackConfig {
  const rules = (config.module?.rules ?? []).flatMap((rule) =>
    isTypeScriptRule(rule)
      ? [{ ...rule, use: { ...rule.use, options: modern(rule.use.options) } }, ofJavaScript(rule)]
      : [rule],
  );
  return {
    ...config,
    module: { ...config.module, rules },
    output: { ...config.output, pathinfo: false },
    // The entry of an application lies in its state folder, above which there may be no packages.
    resolve: { ...config.resolve, modules: [...(config.resolve?.modules ?? ['node_modules']), packages] },
  };
}

interface TypeScriptRule {
  readonly use: { readonly loader: string; readonly options: { readonly jsc: object } };
}

/** The SDK's rule for our files, by its compiler. */
function isTypeScriptRule(rule: unknown): rule is TypeScriptRule {
  const { use } = (rule ?? {}) as { readonly use?: { readonly loader?: unknown } };
  return typeof use?.loader === 'string' && use.loader.includes('swc-loader');
}

/** Packages and compiled modules are JavaScript already; a quarter of their text is comments. */
function ofJavaScript({ use }: TypeScriptRule): object {
  const options = { sourceMaps: true, isModule: 'unknown', jsc: { parser: { syntax: 'ecmascript' } } };
  return { test: /\.c?js$/, use: { loader: use.loader, options: modern(options) } };
}

function modern(options: TypeScriptRule['use']['options']): object {
  const minify = { compress: false, mangle: false, format: { comments: false } };
  return { ...options, jsc: { ...options.jsc, target: TARGET, minify } };
}
