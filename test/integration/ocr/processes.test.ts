import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOcrReader } from '../../../services/ocr/reader.ts';
import { makePdf, PARAGRAPH } from '../../unit/ocr/pages.ts';
import { never, request } from './request.ts';
import { falseTesseract, hasEnded, isAlive, picture, useReaders } from './support.ts';

const { folder, reader: makeReader, stored } = useReaders();
const LINGER = 'cat > /dev/null; exec sleep 300';
let path: string;

beforeAll(async () => {
  const reader = makeReader();
  path = await stored('page.png', await picture(reader, folder()));
});

describe('a page that harms whoever reads it', () => {
  it('fails with ReaderCrashed when its tesseract is killed, and the next page is read', async () => {
    // Lingers until it is killed; from then on it answers at once.
    const tesseract = await falseTesseract(
      folder(),
      'killed-once',
      `if [ -e "$0.again" ]; then cat > /dev/null; printf '1\\t1\\t0\\t0\\t0\\t0\\t0\\t0\\t9\\t9\\t-1\\t\\n'; exit 0; fi; touch "$0.again"; ${LINGER}`,
    );
    const reader = makeReader({ tesseractPath: tesseract.path });
    const reading = reader.readPage(request(path, { preprocess: false }), never);
    process.kill(await tesseract.pid(), 'SIGKILL');
    await expect(reading).rejects.toMatchObject({ type: 'ReaderCrashed' });
    expect(await reader.readPage(request(path, { preprocess: false }), never)).toMatchObject({ width: 9, height: 9 });
  });

  it('fails with ReaderCrashed when its child is killed, takes the engine along, and the next page is read', async () => {
    const tesseract = await falseTesseract(folder(), 'child-killed', LINGER);
    const reader = makeReader({ tesseractPath: tesseract.path });
    const reading = reader.readPage(request(path), never);
    const engine = await tesseract.pid();
    process.kill(reader.pids()[0]!, 'SIGKILL');
    await expect(reading).rejects.toMatchObject({ type: 'ReaderCrashed' });
    expect(await hasEnded(engine)).toBe(true);
    expect(await reader.inspect(path, never)).toEqual({ mediaType: 'image/png', pages: 1 });
  });

  it('fails with PageTimeLimit when it takes too long, and nothing is left running', async () => {
    const tesseract = await falseTesseract(folder(), 'too-slow', LINGER);
    const reader = makeReader({ tesseractPath: tesseract.path, pageTimeoutMs: 4000 });
    const reading = reader.readPage(request(path), never);
    reading.catch(() => undefined);
    // The limit leaves time for the engine to start on a busy machine.
    const engine = await tesseract.pid();
    const [child] = reader.pids();
    await expect(reading).rejects.toMatchObject({
      type: 'PageTimeLimit',
      message: expect.stringContaining('4000 ms') as string,
    });
    expect(await hasEnded(engine)).toBe(true);
    expect(await hasEnded(child!)).toBe(true);
    expect(await reader.inspect(path, never)).toMatchObject({ pages: 1 });
  });

  it('is tried once more in a fresh process when it met a limit in a used one', async () => {
    const script = `if [ -e "$0.begun" ]; then exit 1; fi; touch "$0.begun"; ${LINGER}`;
    const tesseract = await falseTesseract(folder(), 'slow-once', script);
    const reader = makeReader({ tesseractPath: tesseract.path, pageTimeoutMs: 4000 });
    await reader.inspect(path, never);
    // The second attempt ends in another way than by the limit.
    await expect(reader.readPage(request(path), never)).rejects.toMatchObject({ type: 'ReaderCrashed' });
  });

  it('fails with PageMemoryLimit when it takes too much', async () => {
    // No Node process fits into 20 MB, so the first look at the memory decides.
    const tesseract = await falseTesseract(folder(), 'too-big', LINGER);
    const reader = makeReader({ tesseractPath: tesseract.path, pageMemoryMb: 20 });
    await expect(reader.readPage(request(path), never)).rejects.toMatchObject({
      type: 'PageMemoryLimit',
      message: expect.stringContaining('20 MB') as string,
    });
    expect(reader.pids()).toEqual([]);
  });

  it('counts the memory of the engine', async () => {
    const tesseract = await falseTesseract(
      folder(),
      'engine-too-big',
      `cat > /dev/null; exec '${process.execPath}' -e "globalThis.kept = Buffer.alloc(700e6, 1); setTimeout(() => 0, 3e5)"`,
    );
    const reader = makeReader({ tesseractPath: tesseract.path, pageMemoryMb: 600 });
    await expect(reader.readPage(request(path), never)).rejects.toMatchObject({ type: 'PageMemoryLimit' });
    expect(await hasEnded(await tesseract.pid())).toBe(true);
  });
});

describe('an abort', () => {
  it('kills the child and hands on the reason', async () => {
    const tesseract = await falseTesseract(folder(), 'aborted', LINGER);
    const reader = makeReader({ tesseractPath: tesseract.path });
    const controller = new AbortController();
    const reading = reader.readPage(request(path), controller.signal);
    const engine = await tesseract.pid();
    controller.abort(new Error('the worker shuts down'));
    await expect(reading).rejects.toThrow('the worker shuts down');
    expect(await hasEnded(engine)).toBe(true);
    expect(await reader.inspect(path, never)).toMatchObject({ pages: 1 });
  });

  it('takes a waiting page out of the line', async () => {
    const tesseract = await falseTesseract(folder(), 'waiting', LINGER);
    const reader = makeReader({ tesseractPath: tesseract.path });
    const first = new AbortController();
    const second = new AbortController();
    const running = reader.readPage(request(path), first.signal);
    const waiting = reader.readPage(request(path), second.signal);
    await tesseract.pid();
    second.abort(new Error('second'));
    await expect(waiting).rejects.toThrow('second');
    expect(reader.pids()).toHaveLength(1);
    first.abort(new Error('first'));
    await expect(running).rejects.toThrow('first');
  });

  it('before the start begins nothing', async () => {
    const reader = makeReader();
    await expect(reader.inspect(path, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    expect(reader.pids()).toEqual([]);
  });
});

describe('the pool', () => {
  it.each([1, 2])('reads no more pages at once than it has processes: %d', async (processes) => {
    const reader = makeReader({ processes });
    const pdf = await stored('many.pdf', await makePdf(Array.from({ length: 6 }, () => ({ lines: PARAGRAPH }))));
    const done: number[] = [];
    const pages = [0, 1, 2, 3, 4, 5].map(async (page) => {
      await reader.readPage(request(pdf, { page, forceOcr: false }), never);
      done.push(page);
    });
    expect(reader.pids()).toHaveLength(processes);
    await Promise.all(pages);
    expect(reader.pids()).toHaveLength(processes);
    expect(reader.concurrency).toBe(processes);
    // With two, one may start later than the other; with one, the line is seen as it is.
    if (processes === 1) expect(done).toEqual([0, 1, 2, 3, 4, 5]);
    else expect(done).toHaveLength(6);
  });

  it('replaces a child after its share of pages', async () => {
    const reader = makeReader({ recyclePages: 2 });
    const seen = new Set<number>();
    for (let page = 0; page < 4; page += 1) {
      const looked = reader.inspect(path, never);
      reader.pids().forEach((pid) => seen.add(pid));
      await looked;
    }
    expect(seen.size).toBe(2);
  });

  it('ends all processes when it is closed, and refuses work after it', async () => {
    const tesseract = await falseTesseract(folder(), 'closed', LINGER);
    const reader = createOcrReader({ processes: 1, tesseractPath: tesseract.path });
    const running = reader.readPage(request(path), never);
    const waiting = reader.readPage(request(path), never);
    running.catch(() => undefined);
    waiting.catch(() => undefined);
    const engine = await tesseract.pid();
    const [child] = reader.pids();
    await reader.close();
    await expect(running).rejects.toMatchObject({ type: 'ReaderCrashed' });
    await expect(waiting).rejects.toMatchObject({ type: 'ReaderCrashed' });
    await expect(reader.inspect(path, never)).rejects.toMatchObject({ type: 'ReaderCrashed' });
    expect(await isAlive(child!)).toBe(false);
    expect(await hasEnded(engine)).toBe(true);
  });
});

describe('a parent that is killed', () => {
  const start = (tesseract: string) =>
    spawn(
      process.execPath,
      [
        '--import',
        createRequire(import.meta.url).resolve('tsx'),
        fileURLToPath(new URL('./orphan-parent.ts', import.meta.url)),
        path,
        tesseract,
      ],
      { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'inherit'] },
    );

  it('leaves neither child nor engine behind', async () => {
    const tesseract = await falseTesseract(folder(), 'orphan', LINGER);
    const parent = start(tesseract.path);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const [child] = JSON.parse(line.toString()) as [number];
    const engine = await tesseract.pid();
    expect(await isAlive(child)).toBe(true);
    parent.kill('SIGKILL');
    expect(await hasEnded(child)).toBe(true);
    expect(await hasEnded(engine)).toBe(true);
  });

  it('leaves no child behind that is deep in WebAssembly', async () => {
    const parent = start('none');
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const [child] = JSON.parse(line.toString()) as [number];
    // A stopped process cannot hear that its parent went; once it runs again, it must notice by itself.
    process.kill(child, 'SIGSTOP');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    process.kill(child, 'SIGCONT');
    expect(await hasEnded(child)).toBe(true);
  });
});

describe('a parent with nothing else to do', () => {
  it('comes to the end of close and leaves by itself', async () => {
    const script = fileURLToPath(new URL('./closing-parent.ts', import.meta.url));
    const loader = createRequire(import.meta.url).resolve('tsx');
    const parent = spawn(process.execPath, ['--import', loader, script, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    parent.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(parent, 'close')) as [number];
    expect([code, output]).toEqual([0, 'closed']);
  });
});
