/** The order in which test files begin. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take longer than their size tells. One of them at the end would run while the other cores stand still. */
const LONGEST = ['adding', 'schedules', 'reports', 'kills'].map((name) => `/${name}.test.ts`);

/** Takes one item of each list in turn, until all lists are empty. */
export function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}

/**
 * Begins the longest files first, and mixes files that start stacks with those that kill parts of one: the first
 * compute, the second wait for timeouts, and side by side they use all cores.
 */
export class MixingSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const sharing = sorted.filter(({ project }) => !project.config.isolate);
    const alone = sorted.filter(({ project }) => project.config.isolate);
    const long = (file: TestSpecification): boolean => LONGEST.some((name) => file.moduleId.endsWith(name));
    const projects = [...new Set(alone.map(({ project }) => project.name))];
    const rest = projects.map((name) => alone.filter((file) => file.project.name === name && !long(file)));
    return [...sharing, ...alone.filter(long), ...inTurns(rest)];
  }
}
