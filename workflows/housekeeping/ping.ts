/** Does nothing. A query to it is answered by a worker that lives, and leaves no event in any history. */
export function ping(): Promise<void> {
  return Promise.resolve();
}
