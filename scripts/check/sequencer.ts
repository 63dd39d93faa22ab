/** The order in which test files begin. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The cheapest layers begin first, so that a broken rule shows before anything is started; the two last ones are mixed. */
export const LAYERS = ['unit', 'architecture', 'replay', 'workflow', 'integration', 'stack', 'faults'] as const;

/** Files that take longest. One of them at the end would run while the other cores stand still. */
export const LONGEST = [
  'unit/processes/pool',
  'unit/canvas/turns',
  'workflow/payloads',
  'integration/package/installed',
  'integration/ocr/reading',
  'stack/application/writing',
  'stack/docs/adding',
  'faults/email',
  'faults/reports',
  'stack/local/supervisor',
  'faults/schedules',
  'faults/housekeeping',
] as const;

/** Takes one item of each list in turn, until all lists are empty. */
export function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}

/**
 * Begins the longest files of each layer first, and mixes files that start stacks with those that kill parts of one: the
 * first compute, the second wait for timeouts, and side by side they use all cores.
 */
export class MixingSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).map((file) => ({ file, place: placeOf(file) }));
    const long = sorted.filter(({ place }) => place !== -1).sort((one, other) => one.place - other.place);
    const rest = sorted.filter(({ place }) => place === -1);
    const of = (from: typeof sorted, layer: string): TestSpecification[] =>
      from.flatMap(({ file }) => (file.project.name === layer ? [file] : []));
    const mixed = LAYERS.slice(-2);
    return [
      ...LAYERS.slice(0, -2).flatMap((layer) => [...of(long, layer), ...of(rest, layer)]),
      ...long.flatMap(({ file }) => (mixed.some((layer) => layer === file.project.name) ? [file] : [])),
      ...inTurns(mixed.map((layer) => of(rest, layer))),
    ];
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  return LONGEST.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
}
