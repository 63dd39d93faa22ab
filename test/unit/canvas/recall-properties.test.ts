/** Random canvases in packs that are called back, because a part of them is revoked at any time. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REVOKED } from '../../../canvas/model/outcome.ts';
import type { EagerTask } from '../../../canvas/reference/evaluator.ts';
import type { Signature } from '../../../canvas/signature/signature.ts';
import { replyOf, runEngine } from './eager.ts';
import { type PackedOptions, type PackedWorld, packedWorld } from './packed.ts';
import { canvas, tasks as randomTasks } from './random-canvases.ts';
import type { CallRequest } from '../../../canvas/model/request.ts';

describe('random canvases of which a part is revoked', () => {
  const packable = ['wrap', 'fail', 'note'];
  const isPacked = ({ task }: CallRequest): boolean => packable.includes(task);

  /** Runs a canvas in packs; revokes a path with the call of that number. */
  async function revoking(signature: Signature, path: string, at: number, callsOfAPack: number) {
    const others: CallRequest[] = [];
    let calls = 0;
    let before: { readonly made: readonly string[]; readonly all: readonly string[] } | undefined;
    const made = (): readonly string[] => [...world.attempts, ...world.singles].map((one) => one.path);
    const all = (): readonly string[] => [...made(), ...others.map((one) => one.path)];
    const steer =
      (task: EagerTask): EagerTask =>
      (...given) => {
        calls += 1;
        if (calls === at) {
          before = { made: made(), all: all() };
          world.revoke(path);
        }
        return task(...given);
      };
    const tasks = Object.fromEntries(Object.entries(randomTasks).map(([name, task]) => [name, steer(task)]));
    const single: PackedOptions['single'] = (one) => replyOf(tasks, { ...one, retries: 0 });
    const world: PackedWorld = packedWorld({ tasks, packable, callsOfAPack, single });
    await runEngine(
      signature,
      tasks,
      {},
      {
        ...world.runtime,
        call: (one) => {
          if (isPacked(one) || world.isRevoked(one.path)) return world.runtime.call(one);
          others.push(one);
          return replyOf(tasks, one);
        },
      },
    );
    return { world, made: made(), all: all(), before };
  }

  it('MON-5 make nothing of it after that, nothing twice, and everything else', async () => {
    const seen = { recalled: 0, compared: 0 };
    const numbers = [fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 })] as const;
    await fc.assert(
      fc.asyncProperty(canvas, ...numbers, async (signature, when, which, callsOfAPack) => {
        const { requests } = await runEngine(signature, randomTasks);
        const path = requests[which % requests.length]?.path ?? '';
        const isBelow = (at: string): boolean => `${at}/`.startsWith(`${path}/`);
        const at = (when % requests.length) + 1;
        const { world, made, all, before } = await revoking(signature, path, at, callsOfAPack);
        expect(made.filter(isBelow)).toHaveLength((before?.made ?? made).filter(isBelow).length);
        expect(new Set(made).size).toBe(made.length);
        seen.recalled += world.recalled.length > 0 ? 1 : 0;
        // What ends a group early depends on the time, and so does what was made at the path before.
        if (before === undefined || before.all.some(isBelow) || JSON.stringify(signature).includes('"join"')) return;
        const called: string[] = [];
        await runEngine(
          signature,
          randomTasks,
          {},
          {
            call: (one) => {
              if (isBelow(one.path)) return Promise.resolve({ kind: 'failed', failure: REVOKED });
              called.push(one.path);
              return replyOf(randomTasks, one);
            },
          },
        );
        expect(all.toSorted()).toEqual(called.toSorted());
        seen.compared += 1;
      }),
      { numRuns: 500 },
    );
    expect(seen.recalled).toBeGreaterThan(20);
    expect(seen.compared).toBeGreaterThan(20);
  });
});
