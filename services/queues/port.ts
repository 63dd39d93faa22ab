/** The port of the worker processes that are running. */

/** A worker process. */
export interface WorkerProcess {
  /** UUID of the process. */
  readonly id: string;
  /** Name of its machine, for operators. */
  readonly host: string;
  /** Queues that the process polls, with their region if they have one. */
  readonly queues: readonly string[];
}

/** The worker processes of all machines that were seen lately. */
export interface RunningWorkers {
  /** Number of processes. */
  readonly count: number;
  /** Machine of each process, sorted. */
  readonly hosts: readonly string[];
  /** Queues that at least one of them polls. */
  readonly queues: ReadonlySet<string>;
}

/** The heartbeats of worker processes, shared by all machines. */
export interface WorkerHeartbeats {
  /** Notes that a process is running. It must be repeated within {@link HEARTBEAT_LOST_MS}. */
  beat(worker: WorkerProcess): Promise<void>;
  /** Notes that a process has stopped; an unknown one is not an error. */
  stop(id: string): Promise<void>;
  /** Returns the processes whose last heartbeat is younger than {@link HEARTBEAT_LOST_MS}. */
  running(): Promise<RunningWorkers>;
}

/** Age in milliseconds from which a heartbeat no longer shows a running process: four heartbeats were missed. */
export const HEARTBEAT_LOST_MS = 12_000;
