/** Readers, pages and false engines for the tests. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { createOcrReader } from '../../../services/ocr/reader.ts';
import type { OcrReaderOptions, PooledOcrReader } from '../../../services/ocr/reader.ts';
import { makePdf, PARAGRAPH } from '../../unit/ocr/pages.ts';
import { never } from './request.ts';

/** A folder for the file's tests, and readers that are closed after them. */
export function useReaders(): {
  folder: () => string;
  reader: (options?: OcrReaderOptions) => PooledOcrReader;
  stored: (name: string, bytes: Buffer | string) => Promise<string>;
} {
  let folder = '';
  const readers: PooledOcrReader[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocr-test-'));
  });
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.close()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder: () => folder,
    reader: (options = {}) => {
      const made = createOcrReader({ processes: 1, ...options });
      readers.push(made);
      return made;
    },
    stored: async (name, bytes) => {
      const path = join(folder, name);
      await writeFile(path, bytes);
      return path;
    },
  };
}

/** A PNG of the paragraph, turned clockwise. */
export async function picture(reader: PooledOcrReader, folder: string, degrees = 0): Promise<Buffer> {
  const path = join(folder, `paragraph-${String(Math.random()).slice(2)}.pdf`);
  await writeFile(path, await makePdf([{ lines: PARAGRAPH }]));
  const { jpeg } = await reader.renderPage(path, 'application/pdf', 0, { dpi: 300, rotation: 0, skew: 0 }, never);
  return sharp(jpeg).rotate(degrees, { background: '#fff' }).png().toBuffer();
}

/**
 * A stand-in for tesseract: it writes its process id beside itself and then does `body`.
 */
export async function falseTesseract(
  folder: string,
  name: string,
  body: string,
): Promise<{ path: string; pid: () => Promise<number> }> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\necho $$ > '${path}.pid'\n${body}\n`);
  await chmod(path, 0o755);
  return {
    path,
    pid: async () => {
      for (;;) {
        const pid = Number(await readFile(`${path}.pid`, 'utf8').catch(() => ''));
        if (pid > 0) return pid;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  };
}

/** Whether a process lives; one that only waits to be collected does not. */
export async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => undefined);
  if (status !== undefined) return !/\) [ZX] /.test(status);
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process has ended, or says `false` after the time. */
export async function hasEnded(pid: number, withinMs = 5000): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (!(await isAlive(pid))) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
