/** The interface of a packer, and its ports. */
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

/** A pack that has been sent. */
export interface SentPack {
  /** `died` when its workers were killed, with what they had told. Rejects only when the run is cancelled. */
  readonly done: Promise<PackReport & { readonly died?: boolean }>;
  /** Lets its worker begin no other call, and hand back what it has not begun. */
  readonly recall: () => void;
}

/** The ports of a packer. */
export interface PackPorts {
  /** The scope of the call that is being made. */
  context(): CallContext;
  /** The lane of a call; `undefined` for calls that are made alone. */
  laneOf(call: CallRequest): Lane | undefined;
  /** The step that a worker is sent for a call. */
  stepOf(call: PackableCall): PackedStep;
  /** Makes a call on its own. Rejects only when the run is cancelled. */
  single(call: PackableCall, attemptsBefore: number): Promise<CallReply>;
  send(lane: Lane, pack: Pack, tasks: readonly string[]): SentPack;
  /** Told the path of each call that is sent in a pack, and which attempt it is, from 1. */
  sent(path: string, attempt: number): void;
  /** Settles when everything that is ready now has made its calls. */
  drained(): Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  /** Waits for a provider that takes no calls for so long, or until somebody says that it may be asked again. */
  readonly waitForProvider: (ms: number) => Promise<void>;
  /** The error of calls whose scope was cancelled while they waited. */
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
  /** Calls back packs with calls of cancelled scopes. */
  recallUnwanted(): void;
}
