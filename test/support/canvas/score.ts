/** Compares what came of a case with what Celery did. Words of the comparison: a list of problems, empty when right. */
import { isDeepStrictEqual } from 'node:util';
import type { Case, Observation } from '../../../conformance/cases.ts';

interface Raised {
  readonly exc_type: string;
  readonly exc_message: string;
}

/** A case with what was observed on Celery. */
export interface RecordedCase extends Case {
  readonly normative: boolean;
  readonly flags: readonly string[];
  readonly message_match: string;
  readonly result_match: string;
  readonly sane?: { readonly get: { readonly value?: unknown; readonly raises?: unknown } };
  readonly expected: {
    readonly get: { readonly value?: unknown; readonly raises?: Raised; readonly accept_types?: readonly string[] };
    readonly logs?: Readonly<Record<string, { readonly stages: readonly (readonly string[])[] }>>;
    readonly executed: Readonly<Record<string, number>>;
    readonly min_elapsed_ms?: number;
    readonly result_id?: string;
  };
}

/** `<ID>` in what is wanted stands for any id. */
function textFits(want: string, got: string): boolean {
  if (want === got) return true;
  const pattern = want.split('<ID>').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join(String.raw`[\w-]+`)}$`, 's').test(got);
}

function fits(want: unknown, got: unknown): boolean {
  if (typeof want === 'string' && typeof got === 'string') return textFits(want, got);
  if (Array.isArray(want) && Array.isArray(got))
    return want.length === got.length && want.every((entry, index) => fits(entry, got[index]));
  if (isObject(want) && isObject(got)) {
    const names = Object.keys(want);
    return (
      isDeepStrictEqual(names.sort(), Object.keys(got).sort()) && names.every((name) => fits(want[name], got[name]))
    );
  }
  return want === got;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an error says of the error that it stands for. */
function inner(message: string): string {
  return /raised \w+\(['"]?(.*?)['"]?,?\)$/s.exec(message)?.[1] ?? message;
}

function judgeGet(recorded: RecordedCase, got: Observation['get']): string[] {
  const { expected, result_match: order } = recorded;
  if (expected.get.raises === undefined) {
    const right = 'value' in got && fits(arranged(expected.get.value, order), arranged(got.value, order));
    return right ? [] : [`value ${JSON.stringify(got)}`];
  }
  if (!('raises' in got)) return [`expected an error, got ${JSON.stringify(got)}`];
  return judgeError(recorded, expected.get.raises, got.raises);
}

function judgeError({ expected, message_match: mode }: RecordedCase, want: Raised, got: Raised): string[] {
  const { accept_types: accepted = [] } = expected.get;
  const { exc_type: type, exc_message: message } = got;
  if (![want.exc_type, ...accepted].includes(type)) return [`error ${type}, wanted ${want.exc_type}`];
  if (mode === 'none' || mode === 'observed') return [];
  if (mode.startsWith('contains:')) return message.includes(mode.slice(9)) ? [] : [`message ${message}`];
  const contained = accepted.length > 0 && message.includes(inner(want.exc_message));
  return contained || textFits(want.exc_message, message) ? [] : [`message ${message}`];
}

function arranged(value: unknown, order: string): unknown {
  if (order !== 'unordered' || !Array.isArray(value)) return value;
  return value.map((entry) => JSON.stringify(entry)).sort();
}

function judgeLogs({ expected }: RecordedCase, logs: Observation['logs']): string[] {
  const wanted = expected.logs ?? {};
  const extra = Object.keys(logs).filter((key) => !(key in wanted));
  return [
    ...extra.map((key) => `unexpected log ${key}`),
    ...Object.entries(wanted).flatMap(([key, { stages }]) => judgeLog(key, stages, logs[key] ?? [])),
  ];
}

function judgeLog(key: string, stages: readonly (readonly string[])[], entries: readonly string[]): string[] {
  const rest = [...entries];
  for (const stage of stages) {
    const part = rest.splice(0, stage.length);
    for (const want of stage) {
      const at = part.findIndex((got) => entryFits(want, got));
      if (at < 0) return [`log ${key}: ${JSON.stringify(entries)}`];
      part.splice(at, 1);
    }
  }
  return rest.length === 0 ? [] : [`log ${key}: ${rest.length} entries too many`];
}

function entryFits(want: string, got: string): boolean {
  if (textFits(want, got)) return true;
  if (!want.startsWith('{')) return false;
  const [told, tells] = [JSON.parse(want), JSON.parse(got)] as Readonly<Record<string, string>>[];
  return fits(told?.['id'], tells?.['id']) && String(tells?.['message']).includes(inner(String(told?.['message'])));
}

/** The problems of one case. */
export function judge(recorded: RecordedCase, observed: Observation): readonly string[] {
  // The run's own token stands for `@RUN@` again.
  const seen = JSON.parse(JSON.stringify(observed).replaceAll(observed.run, '@RUN@')) as Observation;
  const { expected, flags } = recorded;
  const problems = [...judgeGet(recorded, seen.get), ...judgeLogs(recorded, seen.logs)];
  const counted = Object.fromEntries(Object.entries(expected.executed).filter(([name]) => !name.startsWith('celery.')));
  const dynamic = flags.includes('replace') || flags.includes('dynamic');
  if (!dynamic && !isDeepStrictEqual(counted, { ...seen.executed }))
    problems.push(`executed ${JSON.stringify(seen.executed)}, wanted ${JSON.stringify(counted)}`);
  if (seen.elapsed_ms < (expected.min_elapsed_ms ?? 0)) problems.push(`took only ${seen.elapsed_ms} ms`);
  if (expected.result_id !== undefined && seen.result_id !== expected.result_id)
    problems.push(`result id ${seen.result_id}`);
  return problems;
}
