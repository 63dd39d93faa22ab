import type { PriorityScale } from '../../contracts/canvas/vocabulary.ts';
import type { PackedTasks } from '../../contracts/tasks/packs.ts';
import type { CanvasRuntime } from '../../canvas/engine/runtime.ts';
import type { CallRequest } from '../../canvas/model/request.ts';
import type { Packer } from '../../canvas/packing/ports.ts';

/** On whose behalf, and how, calls of one run are made. */
export interface CallsFacts {
  readonly tenant?: string | undefined;
  readonly priorityScale?: PriorityScale | undefined;
  /** Tasks whose calls may share an activity. @defaultValue none */
  readonly packed?: PackedTasks | undefined;
  /** Each call is a task of its own: business keys are made of its id, not of the run's. @defaultValue false */
  readonly ownIds?: boolean | undefined;
  /**
   * Called with the path of each call that is handed to the workers, and with the attempts that the server does not
   * count: the call's own in a pack, otherwise those in earlier packs. @defaultValue no-op
   */
  readonly sent?: ((path: string, attempt?: number) => void) | undefined;
  /** Called with the path of each cancelled call. @defaultValue no-op */
  readonly stopped?: ((path: string) => void) | undefined;
  /** Says whether a path was revoked: packs that hold calls there are called back. */
  readonly isRevoked: (path: string) => boolean;
}

/** Calls of one run. */
export interface CatalogueCalls extends Pick<CanvasRuntime, 'call' | 'mayFollow'> {
  /** Revokes calls that share activities. @defaultValue there are none */
  readonly packs?: {
    /** Says whether a call is one of them. */
    readonly takes: (request: CallRequest) => boolean;
    readonly revoke: Packer['revoke'];
  };
}
