/** Carries out planned faults on a running stack. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { signalGroup } from '../processes/process-handle.ts';
import { refuseWrites } from './disk.ts';
import { describeFault, type Fault, type PlannedFault, type Victim, type Wired } from './plan.ts';
import type { Wire } from './wire.ts';

/** What faults are done to. */
export interface Target {
  readonly processes: Readonly<Record<string, ManagedProcess>>;
  readonly wires: Readonly<Record<Wired, Wire>>;
  /** Folder of the blobs. */
  readonly blobs: string;
}

/** Carries out a plan, each fault at its time, and ends each of them; the signal ends the plan early. */
export async function strikeAll(
  target: Target,
  plan: readonly PlannedFault[],
  { tell, signal }: { readonly tell: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const begunAt = Date.now();
  for (const planned of plan) {
    await sleep(begunAt + planned.atMs - Date.now(), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    tell(describeFault(planned));
    const end = await strike(target, planned.fault);
    await sleep(planned.lastsMs, undefined, { signal }).catch(() => undefined);
    await end();
  }
}

type End = () => Promise<void> | void;

const nothing: End = () => undefined;

/** Does one fault; returns what ends it. */
async function strike({ processes, wires, blobs }: Target, fault: Fault): Promise<End> {
  switch (fault.kind) {
    case 'kill':
      for (const victim of fault.victims) processes[victim]?.kill();
      return nothing;
    case 'freeze':
      return freeze(processes, fault.victim);
    case 'disk':
      return refuseWrites(blobs);
    case 'cut':
    case 'slow':
    case 'silent':
      wires[fault.wire].set(fault.kind);
      return () => {
        wires[fault.wire].set('through');
      };
  }
}

function freeze(processes: Target['processes'], victim: Victim): End {
  const pid = processes[victim]?.pid;
  if (pid === undefined) return nothing; // it is being started again
  signalGroup(pid, 'SIGSTOP');
  return () => {
    signalGroup(pid, 'SIGCONT');
  };
}
