/** The port of answers to requests that may be repeated. */

/** What a request may do that has come with a name. */
export type Claim =
  /** Nobody has answered: the request is carried out, and its answer is kept. */
  | { readonly kind: 'granted' }
  /** The same request was answered before. */
  | { readonly kind: 'answered'; readonly answer: Buffer }
  /** The same request is being answered. */
  | { readonly kind: 'held' }
  /** The name belongs to a request with another content. */
  | { readonly kind: 'other'; readonly fingerprint: string };

/** The request that holds a name. */
export interface Hold {
  readonly name: string;
  /** Id of the request, a UUID. */
  readonly holder: string;
}

/** Keeps one answer for each name; names, fingerprints and answers mean nothing to it. */
export interface RequestAnswers {
  /**
   * Claims a name for a content. Of several requests at once, one is granted it.
   * @param holdMs - time after which the name is free for the same content when the holder does not renew its hold
   */
  claim(hold: Hold, fingerprint: string, holdMs: number): Promise<Claim>;
  /** Holds the name for another while. */
  renew(hold: Hold, holdMs: number): Promise<void>;
  /** Keeps the answer and ends the hold. */
  keep(hold: Hold, answer: Buffer): Promise<void>;
  /** Ends the hold; the name still belongs to its content. */
  free(hold: Hold): Promise<void>;
  /** Ends the hold and forgets the content. */
  forget(hold: Hold): Promise<void>;
}
