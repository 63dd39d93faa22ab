/** Closing a client while something waits: in a process of its own, because an uncaught error would end it. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTaskWorld, type TaskWorld } from '../../support/tasks.ts';

let world: TaskWorld;
beforeAll(async () => {
  world = await startTaskWorld();
});
afterAll(() => world.stop());

it('ends every wait with a typed error, and the process lives', async () => {
  const { address, namespace } = world.temporal.endpoint;
  const script = path.join(import.meta.dirname, 'fixtures/close-while-waiting.ts');
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, address, namespace]);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [said, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect({ code: await ended, complained }).toEqual({ code: 0, complained: '' });
  expect(JSON.parse(said)).toEqual({
    result: 'Closed',
    follow: 'Closed',
    status: 'Closed',
    stream: 'Closed',
    later: 'Closed',
  });
});
