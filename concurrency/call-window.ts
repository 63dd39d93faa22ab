/** Bounds the number of running calls, in whatever order they are made. */

interface Waiting {
  readonly weight: number;
  readonly begin: () => void;
}

/**
 * Wraps a function so that at most `limit` of its promises are pending; further calls wait in order. A call below the
 * limit runs at once.
 * @param limit - a function when the limit changes: it is evaluated before each call
 * @param weigh - weight of a call; a call that weighs more than the limit runs alone.
 * @defaultValue 1
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
      // Shifting a long list for each call would take quadratic time.
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
