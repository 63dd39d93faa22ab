/** The port of answers that are kept by name: those to requests that may be repeated, and the results of effects. */

/** What may be done under a name. */
export type Claim =
  /**
   * There is no answer: the work is done, and its answer is kept. It was begun before when a holder has died, or has given
   * the name back without knowing how far it came.
   */
  | { readonly kind: 'granted'; readonly begunBefore: boolean }
  /** The same work was answered before. */
  | { readonly kind: 'answered'; readonly answer: Buffer }
  /** The same work is under way. */
  | { readonly kind: 'held' }
  /** The name belongs to work with another content. */
  | { readonly kind: 'other'; readonly fingerprint: string };

/** Who holds a name. */
export interface Hold {
  readonly name: string;
  /** Id of the request or attempt, a UUID. */
  readonly holder: string;
}

/** Keeps one answer for each name; names, fingerprints and answers mean nothing to it. */
export interface KeptAnswers {
  /**
   * Claims a name for a content. Of several claims at once, one is granted it.
   * @param holdMs - time after which the name is free for the same content when the holder does not renew its hold
   */
  claim(hold: Hold, fingerprint: string, holdMs: number): Promise<Claim>;
  /** Holds the name for another while. */
  renew(hold: Hold, holdMs: number): Promise<void>;
  /**
   * Keeps the answer and ends the hold, whoever holds the name by now, because the work is done. The first answer stays.
   * @returns `false` when there is an answer already, or when the name was forgotten
   */
  keep(hold: Hold, answer: Buffer): Promise<boolean>;
  /** Ends the hold; the name still belongs to its content. */
  free(hold: Hold): Promise<void>;
  /** Ends the hold and forgets the content. */
  forget(hold: Hold): Promise<void>;
}
