/** What a packer does, and the world that it works in. */
import type { Pack, PackedStep, PackReport } from '../../contracts/tasks/packs.ts';
import type { CallContext, PackableCall } from './entries.ts';
import type { CallReply, CallRequest } from '../model/request.ts';

/** Calls of one lane may share an activity. */
export interface Lane {
  /** The same for all of them. */
  readonly key: string;
  readonly queue: string;
  readonly priority: number | undefined;
}

/** A pack on its way. */
export interface SentPack {
  /** `died` when its workers were killed, with what they had told. Rejects only when the run is cancelled. */
  readonly done: Promise<PackReport & { readonly died?: boolean }>;
  /** Lets its worker begin no other call, and hand back what it has not begun. */
  readonly recall: () => void;
}

/** The world of a packer. */
export interface PackPorts {
  /** Of the call that is being made. */
  context(): CallContext;
  /** `undefined` for calls that travel alone. */
  laneOf(call: CallRequest): Lane | undefined;
  /** What the worker is told of a call beside its place among the others. */
  stepOf(call: PackableCall): PackedStep;
  /** Makes a call on its own. Rejects only when the run is cancelled. */
  single(call: PackableCall, attemptsBefore: number): Promise<CallReply>;
  send(lane: Lane, pack: Pack, tasks: readonly string[]): SentPack;
  /** Told the path of each call that is sent in a pack, and which attempt it is, from 1. */
  sent(path: string, attempt: number): void;
  /** Settles when everything that is ready now has made its calls. */
  drained(): Promise<void>;
  sleep(ms: number): Promise<void>;
  /** What calls reject with whose part of the run was cancelled while they waited. */
  cancelled(): Error;
  /** Says whether a path is revoked: calls at a revoked path are left out of packs. */
  isRevoked(path: string): boolean;
}

/** What a packer does. */
export interface Packer {
  call(request: CallRequest): Promise<CallReply>;
  /**
   * Stops the calls of some paths, which fail as revoked. Packs that hold some,
   * or later steps or a body there, are called back.
   *
   * @returns how many were under way
   */
  revoke(concerns: (path: string) => boolean): number;
  /** Calls back packs with calls of parts that have been cancelled. */
  recallUnwanted(): void;
}
