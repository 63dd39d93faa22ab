/** An abort signal that is created on first access, because most tasks never read it. */

/** Aborts by itself or together with the surrounding signal. */
export class LateSignal {
  private readonly around: { readonly signal: AbortSignal };
  private readonly own: { reason?: unknown; aborted: boolean } = { aborted: false };
  private made: { readonly controller: AbortController; readonly signal: AbortSignal } | undefined;

  constructor(around: { readonly signal: AbortSignal }) {
    this.around = around;
  }

  abort(reason: unknown): void {
    if (this.own.aborted) return;
    this.own.aborted = true;
    this.own.reason = reason;
    this.made?.controller.abort(reason);
  }

  get signal(): AbortSignal {
    this.made ??= this.make();
    return this.made.signal;
  }

  private make(): NonNullable<LateSignal['made']> {
    const controller = new AbortController();
    const { aborted, reason } = this.own;
    if (aborted) controller.abort(reason);
    // When both were aborted before the first access, the own reason counts.
    return { controller, signal: AbortSignal.any([controller.signal, this.around.signal]) };
  }
}
