/** What runs the tasks of `rows.ts`: their bodies, and a bundle of workflows that know them. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type BundleOptions, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { activitiesOf } from '../../../activities/shell/activities-of.ts';
import { schemasOf } from '../../../contracts/own/schema.ts';
import { workflowsPath } from '../../../workers/bundle.ts';
import { ownTasks } from './rows.ts';

/** The bodies: each gives the length of what it was given in plain text. */
export const createSealedActivities = activitiesOf(ownTasks, schemasOf(ownTasks), () => ({
  redeem: (voucher) => Promise.resolve(voucher.length),
  signIn: ({ count, code, next }, { replaceWith }) =>
    next === undefined ? Promise.resolve(count + code.length) : replaceWith({ task: 'own.redeem', args: [next] }),
  measure: ({ text }) => Promise.resolve(text.length),
}));

const here = (file: string): string => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

/** The workflows of the product, with these tasks in their catalogue. */
export function sealedTaskBundle(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [here('workflows/interceptors.ts')],
    payloadConverterPath: here('workflows/payload-converter.ts'),
    failureConverterPath: here('payloads/failure-converter.ts'),
    webpackConfigHook: (config) => {
      const rows = { [here('contracts/own/tasks.ts')]: here('test/support/sealed/rows.ts') };
      return { ...config, resolve: { ...config.resolve, alias: { ...aliasesOf(config), ...rows } } };
    },
  });
}

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

function aliasesOf({ resolve }: WebpackConfig): Record<string, string | false | string[]> {
  const { alias } = resolve ?? {};
  if (alias === undefined || Array.isArray(alias)) throw new TypeError('expected aliases by name from the bundler');
  return alias;
}
