/** Formats the measurements of canvases as rows and as tables that show where the time goes. */
import type { CeleryRun } from '../celery/peer.ts';
import type { FloorRun } from '../floor/floor.ts';
import type { Row } from '../section.ts';
import { median } from '../timing.ts';
import type { OurRun } from './ours.ts';
import type { Scenario, Variant } from './scenarios.ts';

/** The measurements of one scenario in one variant, of which a row is made. */
export interface Side {
  readonly scenario: Scenario;
  readonly count: number;
  readonly variant: Variant;
  readonly peer: readonly CeleryRun[];
  readonly ours: readonly OurRun[];
  readonly floor: readonly FloorRun[];
}

/** Returns the row of the table for one scenario in one variant. */
export function rowOf({ scenario, count, variant, peer, ours }: Side): Row {
  const figure = figureOf(scenario, count);
  const target = scenario.targets[variant];
  const [mine, theirs] = [median(ours.map(figure.ours)), median(peer.map(figure.peer))];
  return {
    what: `${scenario.what(count)}, ${variant}`,
    ours: figure.text(mine, p99(ours.map(({ laps }) => percentile(laps, 99)))),
    peer: figure.text(theirs, p99(peer.map(({ p99Ms }) => p99Ms ?? 0))),
    ratio: mine / theirs,
    ...(target === undefined ? {} : { target }),
  };
}

interface Figure {
  readonly ours: (run: FloorRun) => number;
  readonly peer: (run: CeleryRun) => number;
  readonly text: (value: number, p99Ms: number) => string;
}

function figureOf({ unit, tasks }: Scenario, count: number): Figure {
  const rate = ({ seconds }: { readonly seconds: number }): number => tasks(count) / seconds;
  const seconds = (run: { readonly seconds: number }): number => run.seconds;
  const figures: Readonly<Record<typeof unit, Figure>> = {
    'tasks a second': { ours: rate, peer: rate, text: (value) => `${value.toFixed(0)} tasks/s` },
    seconds: { ours: seconds, peer: seconds, text: (value) => `${value.toFixed(2)} s` },
    'ms, p50': {
      ours: ({ laps }) => percentile(laps, 50),
      peer: ({ p50Ms = 0 }) => p50Ms,
      text: (value, p99Ms) => `p50 ${value.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`,
    },
  };
  return figures[unit];
}

const p99 = (values: readonly number[]): number => (values.length === 0 ? 0 : median(values));

/** Returns the value at a percentile of values in ascending order; 0 of none. */
function percentile(sorted: readonly number[], percent: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? 0;
}

/** Formats the share of the time that the server and the SDK need, where each call has an activity of its own. */
export function floorTable(sides: readonly Side[]): string {
  const head = [
    'The floor: the same as bare workflows over bare activities of the same server, with nothing but the SDK: no retry policy, summary, heartbeat, search attribute, log or check; of groups it keeps no results. It is measured as everything else is, so a figure of ours may lie on its other side by as much as the machine varies.',
    '',
    '| what | floor | ours to floor | floor to Celery |',
    '| --- | --- | --- | --- |',
  ];
  return [...head, ...sides.filter(({ floor }) => floor.length > 0).map(floorLine)].join('\n');
}

function floorLine({ scenario, count, variant, peer, ours, floor }: Side): string {
  const figure = figureOf(scenario, count);
  const least = median(floor.map(figure.ours));
  const cells = [
    `${scenario.what(count)}, ${variant}`,
    figure.text(least, p99(floor.map(({ laps }) => percentile(laps, 99)))),
    (median(ours.map(figure.ours)) / least).toFixed(2),
    (least / median(peer.map(figure.peer))).toFixed(2),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Formats the CPU time of each process per task, and the cores in use, which all processes share. */
export function cpuTable(sides: readonly Side[]): string {
  const head = [
    'Where the time goes: CPU in milliseconds for each task, and CPU seconds a second of time (the cores in use). Medians; seconds of each round.',
    '',
    '| what | server | worker | client | cores | seconds | Celery: worker | Redis | client | cores | seconds |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [...head, ...sides.map(cpuLine)].join('\n');
}

function cpuLine({ scenario, count, variant, peer, ours }: Side): string {
  const tasks = scenario.tasks(count);
  const perTask = (seconds: readonly number[]): string => ((median(seconds) * 1000) / tasks).toFixed(2);
  const cells = [
    `${scenario.what(count)}, ${variant}`,
    perTask(ours.map(({ cpu }) => cpu.server)),
    perTask(ours.map(({ cpu }) => cpu.worker)),
    perTask(ours.map(({ cpu }) => cpu.client)),
    cores(ours),
    secondsOf(ours),
    perTask(peer.map(({ cpu }) => cpu.worker)),
    perTask(peer.map(({ cpu }) => cpu.broker)),
    perTask(peer.map(({ cpu }) => cpu.client)),
    cores(peer),
    secondsOf(peer),
  ];
  return `| ${cells.join(' | ')} |`;
}

function cores(runs: readonly { readonly seconds: number; readonly cpu: object }[]): string {
  const busy = runs.map(({ seconds, cpu }) => {
    const parts = Object.values(cpu) as readonly number[]; // both types are records of seconds
    return parts.reduce((sum, part) => sum + part, 0) / seconds;
  });
  return median(busy).toFixed(1);
}

function secondsOf(runs: readonly { readonly seconds: number }[]): string {
  return runs.map(({ seconds }) => seconds.toFixed(2)).join(', ');
}
