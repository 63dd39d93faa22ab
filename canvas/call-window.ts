/** Keeps a bounded number of calls under way, whatever the shape of the canvas that makes them. */

/**
 * Wraps a function so that at most `limit` of its promises are open at once;
 * further calls wait in their order. A call below the limit is made at once.
 */
export function withCallWindow<In, Out>(limit: number, call: (input: In) => Promise<Out>): (input: In) => Promise<Out> {
  const waiting: (() => void)[] = [];
  let head = 0;
  let open = 0;
  const release = (): void => {
    const next = waiting[head];
    if (next === undefined) {
      open -= 1;
      return;
    }
    // The place goes to the next one. Shifting a long list for each would take quadratic time.
    head += 1;
    if (head === waiting.length) {
      waiting.length = 0;
      head = 0;
    }
    next();
  };
  const start = (input: In): Promise<Out> => {
    const reply = call(input);
    reply.then(release, release);
    return reply;
  };
  return (input) => {
    if (open < limit) {
      open += 1;
      return start(input);
    }
    return new Promise<void>((resolve) => waiting.push(resolve)).then(() => start(input));
  };
}
