/** Calls of one run that wait for the same provider: one of them asks again for all. */
import { CancellationScope } from '@temporalio/workflow';
import { ProviderWait } from './provider-wait.ts';

/** How many waiting calls go on after one that was made: a provider that is back is met by ever more calls. */
const FOLLOWERS = 2;

/**
 * The calls of a run that wait for one provider. However many there are, the history grows by one call and one timer each
 * time that the provider is found away.
 */
export class WaitingLine {
  private scouting = false;
  private readonly waiting: (() => void)[] = [];
  private readonly pause = new ProviderWait();

  /** The calls that wait, the asking one included. */
  get size(): number {
    return this.waiting.length + 1;
  }

  /** Lets the call that asks for all ask now. */
  wake(): void {
    this.pause.wake();
  }

  /**
   * Waits until the call may be tried again: for the time when it is the one that asks, otherwise until that one was made.
   *
   * @returns what must be called once it is known whether the call was made
   * @throws CancelledFailure
   */
  async pass(waitMs: number, summary: string): Promise<(parkedAgain: boolean) => void> {
    if (this.scouting) {
      await this.inLine();
      return (parkedAgain) => {
        if (!parkedAgain) this.goOn(FOLLOWERS);
      };
    }
    this.scouting = true;
    try {
      await this.pause.pass(waitMs, summary);
    } catch (error) {
      this.scouting = false;
      this.goOn(1);
      throw error;
    }
    return (parkedAgain) => {
      this.scouting = false;
      if (!parkedAgain) this.goOn(FOLLOWERS);
    };
  }

  private async inLine(): Promise<void> {
    let turn: (() => void) | undefined;
    const called = new Promise<void>((resolve) => {
      turn = resolve;
      this.waiting.push(resolve);
    });
    try {
      await Promise.race([called, CancellationScope.current().cancelRequested]);
    } catch (error) {
      const place = turn === undefined ? -1 : this.waiting.indexOf(turn);
      // One that was called in the moment of its cancellation calls the next.
      if (place < 0) this.goOn(1);
      else this.waiting.splice(place, 1);
      throw error;
    }
  }

  private goOn(count: number): void {
    for (const go of this.waiting.splice(0, count)) go();
  }
}
