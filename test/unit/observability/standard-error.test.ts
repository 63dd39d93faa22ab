import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { standardError } from '../../../observability/standard-error.ts';

const talkative = path.join(import.meta.dirname, 'fixtures/talkative.ts');

it('a process goes on whose log lines cannot be written', async () => {
  const full = openSync('/dev/full', 'w'); // answers each write with ENOSPC
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), talkative], {
    stdio: ['ignore', 'pipe', full],
  });
  closeSync(full);
  const code = new Promise((resolve) => child.once('exit', resolve));
  expect(await text(child.stdout!)).toBe('alive');
  expect(await code).toBe(0);
});

it('a line that was cut off does not spoil the next one', () => {
  let room = 15;
  let written = '';
  const sink = standardError((bytes) => {
    if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const taken = bytes.subarray(0, room);
    room -= taken.length;
    written += Buffer.from(taken).toString();
    return taken.length;
  });
  sink.write('{"first":1}\n');
  sink.write('{"second":2}\n');
  sink.write('{"third":3}\n');
  room = 100;
  sink.write('{"fourth":4}\n');
  expect(written.split('\n')).toEqual(['{"first":1}', '{"s', '{"fourth":4}', '']);
});

it('a full pipe is tried again', () => {
  let refusals = 3;
  const written: string[] = [];
  const sink = standardError((bytes) => {
    refusals -= 1;
    if (refusals >= 0) throw Object.assign(new Error('try again'), { code: 'EAGAIN' });
    written.push(Buffer.from(bytes).toString());
    return bytes.length;
  });
  sink.write('line\n');
  expect(written).toEqual(['line\n']);
});
