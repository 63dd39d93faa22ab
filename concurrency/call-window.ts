/** Keeps a bounded number of calls under way, in whatever order they are made. */

interface Waiting {
  readonly weight: number;
  readonly begin: () => void;
}

/**
 * Wraps a function so that at most `limit` of its promises are open at once;
 * further calls wait in their order. A call below the limit is made at once.
 *
 * @param limit - a function where it changes: asked before each call
 * @param weigh - what a call counts for; one that weighs more than the limit is made alone. @defaultValue 1
 */
export function withCallWindow<In, Out>(
  limit: number | (() => number),
  call: (input: In) => Promise<Out>,
  weigh: (input: In) => number = () => 1,
): (input: In) => Promise<Out> {
  const waiting: Waiting[] = [];
  let head = 0;
  let open = 0;
  const atOnce = typeof limit === 'number' ? () => limit : limit;
  const fits = (weight: number): boolean => open === 0 || open + weight <= atOnce();
  const release = (weight: number): void => {
    open -= weight;
    for (let next = waiting[head]; next !== undefined && fits(next.weight); next = waiting[head]) {
      // Shifting a long list for each would take quadratic time.
      head += 1;
      open += next.weight;
      next.begin();
    }
    if (head < waiting.length) return;
    waiting.length = 0;
    head = 0;
  };
  const start = (input: In, weight: number): Promise<Out> => {
    const reply = call(input);
    const done = (): void => release(weight);
    reply.then(done, done);
    return reply;
  };
  return (input) => {
    const weight = weigh(input);
    if (waiting.length === 0 && fits(weight)) {
      open += weight;
      return start(input, weight);
    }
    return new Promise<void>((resolve) => waiting.push({ weight, begin: resolve })).then(() => start(input, weight));
  };
}
