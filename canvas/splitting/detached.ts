import type { Given, Scope } from '../model/scope.ts';
import type { Node } from '../model/nodes.ts';

/** A canvas that nobody waits for: a link, an error callback, or one that a task sends. Plain data: it may run elsewhere. */
export interface DetachedCanvas {
  readonly node: Node;
  readonly given: Given;
  readonly scope: DetachedScope;
}

/** Where such a canvas comes from, and when it was sent: its delay and its expiry count from then. */
export type DetachedScope = Pick<Scope, 'rootId' | 'parentId' | 'inside'> & { readonly sentAt: number };

/** The scope of its nodes: no group, header or result waits for them. */
export function scopeOfDetached(scope: DetachedScope): Scope {
  return { ...scope, group: null, chord: null, onPath: false };
}
