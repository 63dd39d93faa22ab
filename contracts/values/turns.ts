/** Long work in turns, so that a process with other things to do can do them in between. */

/** Work that pauses wherever its turn is over. */
export type Turns<T = void> = Generator<undefined, T, void>;

/** Says whether the turn is over; asked every few values. */
export type IsTurnOver = () => boolean;

/** Runs work to its end without a pause. */
export function atOnce<T>(work: Turns<T>): T {
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}
