/** Rules about combinations of entries. */
import { accessSync, constants } from 'node:fs';
import { api } from './processes/api.ts';
import { database } from './processes/database.ts';
import type { Entry } from './entries.ts';
import type { ConfigProblem } from './errors.ts';
import { sealing } from './processes/sealing.ts';
import { temporal } from './processes/temporal.ts';
import type { Config } from './types.ts';
import { worker } from './processes/worker.ts';

/** Returns the faults of values that are valid individually but not together. */
export function checkTogether(config: Config): ConfigProblem[] {
  return [
    ...checkProduction(config),
    ...checkExposure(config),
    ...checkTls(config.temporal),
    ...checkFile(worker.workflowBundle, config.worker.workflowBundle),
  ];
}

function missing({ variable, expected }: Entry<unknown>, remedy: string): ConfigProblem {
  return { name: variable, expected, got: undefined, remedy };
}

function checkProduction(config: Config): ConfigProblem[] {
  if (config.environment !== 'production') return [];
  const remedy = 'Set it: ENVIRONMENT=production does not start without it.';
  const needed: readonly (readonly [Entry<unknown>, unknown, string])[] = [
    [api.key, config.api.key, remedy],
    [database.url, config.database.url, remedy],
    [temporal.address, config.temporal.address, remedy],
    [sealing.keys, config.sealing.keys, `${remedy} A key is made by: openssl rand -base64 32`],
  ];
  return needed.filter(([, value]) => value === undefined).map(([entry, , how]) => missing(entry, how));
}

function checkExposure({ environment, api: { host, key } }: Config): ConfigProblem[] {
  const loopback = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/.test(host);
  if (loopback || key !== undefined || environment === 'production') return [];
  return [missing(api.key, `Set it: with API_HOST=${host} the API can be reached from other machines.`)];
}

function checkTls({ tls, apiKey }: Config['temporal']): ConfigProblem[] {
  const files = (['certFile', 'keyFile', 'caFile'] as const).map((name) => [temporal.tls[name], tls[name]] as const);
  const problems = files.flatMap(([entry, file]) => checkFile(entry, file));
  const needTls = [...files, [temporal.tls.serverName, tls.serverName], [temporal.apiKey, apiKey]] as const;
  const first = needTls.find(([, value]) => value !== undefined)?.[0].variable;
  if (!tls.enabled && first !== undefined)
    problems.push({
      name: temporal.tls.enabled.variable,
      expected: `true, because ${first} is set`,
      got: 'false',
      remedy: `Set TEMPORAL_TLS=true, or unset ${first}.`,
    });
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    const entry = tls.certFile === undefined ? temporal.tls.certFile : temporal.tls.keyFile;
    problems.push(missing(entry, 'Set both the certificate and its key, or neither.'));
  }
  return problems;
}

function checkFile({ variable, expected }: Entry<unknown>, file: string | undefined): ConfigProblem[] {
  if (file === undefined || isReadable(file)) return [];
  return [{ name: variable, expected, got: file, remedy: 'Correct the path, or give this user the right to read it.' }];
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
