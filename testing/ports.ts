/** Ports of tasks in tests: what a test gives in their place. */
import type { AnyPort, DefinedPort, PortTable } from '../define/port.ts';

/**
 * What a task receives in place of a port.
 *
 * @example
 * ```ts
 * import { definePort } from './define/index.ts';
 * import { provide, type ProvidedPort } from './testing/index.ts';
 *
 * const clock = definePort({ name: 'shop.clock', open: () => ({ now: () => Date.now() }) });
 * const fakes: readonly ProvidedPort[] = [provide(clock, { now: () => 42 })];
 * ```
 */
export interface ProvidedPort {
  readonly port: AnyPort;
  readonly value: unknown;
}

/**
 * Gives tasks something else in place of a port, which is then neither opened nor closed.
 *
 * @example
 * ```ts
 * import { z } from 'zod';
 * import { definePort, defineTask } from './define/index.ts';
 * import { provide, runTask } from './testing/index.ts';
 *
 * const clock = definePort({ name: 'shop.clock', open: () => ({ now: () => Date.now() }) });
 * const tell = defineTask(
 *   { name: 'shop.tell', input: z.null(), output: z.number(), ports: { clock } },
 *   (_input, _context, ports) => ports.clock.now(),
 * );
 * console.log(await runTask(tell, null, { ports: [provide(clock, { now: () => 42 })] })); // 42
 * ```
 */
export function provide<Port>(port: DefinedPort<Port>, value: NoInfer<Port>): ProvidedPort {
  return { port, value };
}

/** Returns the ports of a task among those that a test provides. @throws TypeError one is missing */
export function providedOf(
  ports: PortTable,
  provided: readonly ProvidedPort[] = [],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(ports).map(([key, port]) => {
      const found = provided.find((one) => one.port === port);
      if (found === undefined)
        throw new TypeError(
          `${port.name}: expected something in place of the port, got nothing; pass it under \`ports\` with provide()`,
        );
      return [key, found.value];
    }),
  );
}
