/**
 * Builds the object store of docker-compose.yml with Go, once, in the cache folder of the user, so that
 * `test/integration/storage/object-store.test.ts` runs against the real one. The build takes several minutes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultCacheDir } from '../stack/temporal/binary.ts';

/** The Go module of the object store. */
const MODULE = 'github.com/seaweedfs/seaweedfs/weed';
/** A commit after release 4.48, the version of the image, because releases are not versions of the Go module. */
const VERSION = 'v0.0.0-20261109003541-7506e5f91cd6';

const target = path.join(defaultCacheDir(), 'weed');
const folder = mkdtempSync(path.join(tmpdir(), 'perennial-weed-'));

function go(...args: readonly string[]): void {
  console.log(`go ${args.join(' ')}`);
  const { status, error } = spawnSync('go', args, { cwd: folder, stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`expected go ${args[0] ?? ''} to succeed, got ${error?.message ?? `exit code ${String(status)}`}`);
}

if (existsSync(target)) console.log(`${target} is there`);
else {
  try {
    mkdirSync(path.dirname(target), { recursive: true });
    go('mod', 'init', 'build');
    go('get', `${MODULE}@${VERSION}`);
    go('build', '-ldflags=-s -w', '-o', `${target}.new`, MODULE);
    renameSync(`${target}.new`, target);
    console.log(`built ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
