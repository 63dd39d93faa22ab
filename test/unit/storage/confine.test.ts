import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confinePath, listDocuments } from '../../../services/files/confine.ts';

let base: string;
let root: string;
const refused = { type: 'PathNotAllowed' };

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'perennial-confine-')));
  root = join(base, 'in');
  await mkdir(join(root, 'sub'), { recursive: true });
  await mkdir(join(base, 'in-not'));
  await writeFile(join(root, 'a.pdf'), 'a');
  await writeFile(join(base, 'secret.pdf'), 's');
  await writeFile(join(base, 'in-not', 'b.pdf'), 'b');
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('SEC-4 paths stay inside the allowed folders', () => {
  it('SEC-4 allows files and folders inside, absolute or relative to a root', async () => {
    expect(await confinePath(join(root, 'a.pdf'), [root])).toEqual({ path: join(root, 'a.pdf'), kind: 'file' });
    expect(await confinePath('a.pdf', [join(base, 'in-not'), root])).toEqual({
      path: join(root, 'a.pdf'),
      kind: 'file',
    });
    expect(await confinePath(root, [root])).toEqual({ path: root, kind: 'folder' });
    expect(await confinePath(`${root}/sub/../a.pdf`, [root])).toMatchObject({ kind: 'file' });
    await writeFile(join(root, '..odd'), 'x');
    expect(await confinePath(join(root, '..odd'), [root])).toMatchObject({ kind: 'file' });
    expect(await confinePath('/etc/hostname', ['/'])).toMatchObject({ kind: 'file' });
  });

  it('SEC-4 refuses absolute paths, .. and neighbours with the same beginning', async () => {
    const attempts = [
      '/etc/passwd',
      join(base, 'secret.pdf'),
      `${root}/../secret.pdf`,
      '../secret.pdf',
      'sub/../../secret.pdf',
      join(base, 'in-not', 'b.pdf'),
      base,
      '..',
      '',
    ];
    for (const path of attempts) await expect(confinePath(path, [root]), path).rejects.toMatchObject(refused);
    await expect(confinePath(relative(process.cwd(), join(base, 'secret.pdf')), [root])).rejects.toMatchObject(refused);
  });

  it('SEC-4 refuses links that lead out, in any part of the path, and circles', async () => {
    await symlink(join(base, 'secret.pdf'), join(root, 'link.pdf'));
    await symlink(base, join(root, 'up'));
    await symlink('loop', join(root, 'loop'));
    for (const path of ['link.pdf', 'up/secret.pdf', 'up', 'loop', 'loop/x']) {
      await expect(confinePath(join(root, path), [root]), path).rejects.toMatchObject(refused);
    }
    await symlink(join(root, 'a.pdf'), join(root, 'sub', 'inner.pdf'));
    expect(await confinePath('sub/inner.pdf', [root])).toEqual({ path: join(root, 'a.pdf'), kind: 'file' });
  });

  it('SEC-4 allows a root that is a link itself', async () => {
    await symlink(root, join(base, 'alias'));
    expect(await confinePath(join(base, 'alias', 'a.pdf'), [join(base, 'alias')])).toMatchObject({
      path: join(root, 'a.pdf'),
    });
    expect(await confinePath(join(base, 'alias', 'a.pdf'), [root])).toMatchObject({ path: join(root, 'a.pdf') });
  });

  it('SEC-4 refuses NUL characters, devices, pipes and sockets', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(join(root, 'socket'), done));
    for (const path of [`${root}/a.pdf\0.png`, join(root, 'pipe'), join(root, 'socket')]) {
      await expect(confinePath(path, [root]), JSON.stringify(path)).rejects.toMatchObject(refused);
    }
    await expect(confinePath('/dev/null', ['/dev'])).rejects.toMatchObject(refused);
    await new Promise((done) => server.close(done));
  });

  it('SEC-4 says what is missing inside, and never what exists outside', async () => {
    await expect(confinePath(join(root, 'no.pdf'), [root])).rejects.toMatchObject({ type: 'FileMissing' });
    await expect(confinePath(join(root, 'a.pdf', 'x'), [root])).rejects.toMatchObject({ type: 'FileMissing' });
    await symlink(base, join(root, 'up'));
    for (const path of [join(base, 'no.pdf'), join(root, 'up', 'no.pdf'), '/no/such/file', '../no.pdf']) {
      await expect(confinePath(path, [root]), path).rejects.toMatchObject(refused);
    }
    for (const roots of [[], [join(base, 'gone')]])
      await expect(confinePath(join(root, 'a.pdf'), roots)).rejects.toMatchObject(refused);
  });

  it('SEC-4 shows odd names without their control characters', async () => {
    await expect(confinePath(join(root, 'x\nforged: line'), [root])).rejects.toThrow(String.raw`x\nforged: line`);
  });
});

describe('SEC-4 listing a folder', () => {
  it('SEC-4 goes in the order of names and leaves out what is hidden, outside or no file', async () => {
    await writeFile(join(root, 'sub', 'c.pdf'), 'c');
    await writeFile(join(root, 'z.pdf'), 'z');
    await writeFile(join(root, '.hidden'), 'h');
    await mkdir(join(root, '.git'));
    await writeFile(join(root, '.git', 'config'), 'h');
    await symlink(join(base, 'secret.pdf'), join(root, 'link.pdf'));
    await symlink(base, join(root, 'up'));
    await symlink(join(root, 'sub'), join(root, 'tub'));
    await symlink(root, join(root, 'sub', 'again'));
    await symlink('nowhere', join(root, 'broken'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const files = [join(root, 'a.pdf'), join(root, 'sub', 'c.pdf'), join(root, 'z.pdf')];
    expect(await listDocuments(root, [root], { max: 3 })).toEqual(files);
    expect(await listDocuments('sub', [root], { max: 9 })).toEqual([
      join(root, 'a.pdf'),
      join(root, 'z.pdf'),
      join(root, 'sub', 'c.pdf'),
    ]);
    expect(await listDocuments(join(root, 'a.pdf'), [root], { max: 1 })).toEqual([join(root, 'a.pdf')]);
    await expect(listDocuments(root, [root], { max: 2 })).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(listDocuments(base, [root], { max: 9 })).rejects.toMatchObject(refused);
  });
});
