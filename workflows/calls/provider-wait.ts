/** A pause that ends early when somebody calls. */
import { CancellationScope, sleep } from '@temporalio/workflow';

/** Pauses of one kind in one run, which one call ends together. */
export class ProviderWait {
  private readonly sleepers = new Set<() => void>();
  private isEarly = false;

  /**
   * Ends the pauses. When there is none, the next one is left out: the call may come before the run knows that it must
   * wait, and a call that looks once too often does no harm.
   */
  wake(): void {
    if (this.sleepers.size === 0) this.isEarly = true;
    for (const wake of this.sleepers) wake();
  }

  /** Waits for a time, at most. @throws CancelledFailure */
  async pass(ms: number, summary?: string): Promise<void> {
    if (this.isEarly) {
      this.isEarly = false;
      return;
    }
    const timer = new CancellationScope({ cancellable: true });
    let wake: (() => void) | undefined;
    const called = new Promise<void>((resolve) => {
      wake = resolve;
      this.sleepers.add(resolve);
    });
    try {
      await Promise.race([timer.run(() => (summary === undefined ? sleep(ms) : sleep(ms, { summary }))), called]);
    } finally {
      if (wake !== undefined) this.sleepers.delete(wake);
      timer.cancel();
    }
  }
}
