/** Reads CPU time and memory of running processes from /proc of Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** USER_HZ: the kernel reports times to user space in hundredths of a second on every usual platform. */
const TICKS_PER_SECOND = 100;

/** Returns whether this system has /proc. */
export function hasProc(): boolean {
  try {
    return cpuSeconds(process.pid) >= 0;
  } catch {
    return false;
  }
}

/** Returns the CPU seconds of a process so far, in user and kernel mode, without its children. */
export function cpuSeconds(pid: number): number {
  // The name may contain blanks and brackets; only numbers follow its last bracket. utime and stime are fields 14 and
  // 15.
  const fields = readFileSync(`/proc/${String(pid)}/stat`, 'latin1')
    .replace(/^.*\)\s/s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Returns the resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'latin1'));
  return Number(found?.[1] ?? 0) / 1024;
}

/** Returns the live processes of a process group, whose id is the id of its leader. */
function membersOf(group: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => groupOf(pid) === group);
}

function groupOf(pid: number): number | undefined {
  try {
    // pgrp is field 5.
    return Number(
      readFileSync(`/proc/${String(pid)}/stat`, 'latin1')
        .replace(/^.*\)\s/s, '')
        .split(' ')[2],
    );
  } catch {
    return undefined; // the process has ended
  }
}

/** Returns the CPU seconds of all processes of a group so far. */
export function cpuSecondsOfGroup(group: number): number {
  return membersOf(group).reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** Returns the resident memory of all processes of a group in MB; memory that they share counts once for each. */
export function residentMbOfGroup(group: number): number {
  return membersOf(group).reduce((sum, pid) => sum + residentMb(pid), 0);
}

/** Resident memory of a process over time, in MB. */
export type MemoryTrace = readonly number[];

const SAMPLE_MS = 250;

/** Records the memory of a process while `work` runs. */
export async function withMemoryTrace<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ readonly value: T; readonly trace: MemoryTrace }> {
  const trace = [residentMb(pid)];
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      await sleep(SAMPLE_MS, undefined, { signal: done.signal }).catch(() => undefined);
      trace.push(residentMb(pid));
    }
  })();
  try {
    const value = await work();
    return { value, trace };
  } finally {
    done.abort();
    await watching;
  }
}

/** Returns the highest value of a trace. */
export function peak(trace: MemoryTrace): number {
  return trace.reduce((most, value) => Math.max(most, value), 0);
}
