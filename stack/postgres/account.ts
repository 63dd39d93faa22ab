/**
 * The account of the PostgreSQL server, which refuses to run as root. Containers and CI often run as root, with node_modules
 * and data below folders such as /root that no other user can enter. The server then runs as another user that keeps the
 * privilege to traverse any folder. Where that is not possible, binaries and data are copied to a folder that every user
 * can enter.
 */
import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, chown, constants, lstat, mkdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { copyBinaries, findBinaries, type PostgresBinaries } from './binaries.ts';

/** Account and folders of the server. */
export interface PostgresAccount {
  readonly binaries: PostgresBinaries;
  /** The data folder, which differs from the preferred one when the server cannot enter that. */
  readonly dataDir: string;
  /** Changes the owner of a file or folder to the user of the server. */
  own(path: string): Promise<void>;
  /** Starts one of the binaries as that user. */
  spawn(program: string, args: readonly string[], options: SpawnOptions): ChildProcess;
}

interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const PRIVILEGES = '+dac_override,+dac_read_search';
const NOBODY: UserIds = { uid: 65_534, gid: 65_534 };

/** Chooses the account for a data folder. */
export async function chooseAccount(dataDir: string): Promise<PostgresAccount> {
  if (process.getuid?.() !== 0) {
    return { binaries: await findBinaries(`${dataDir}.binaries`), dataDir, own: async () => {}, spawn };
  }
  const user = await serverUser();
  const own = (path: string): Promise<void> => chown(path, user.uid, user.gid);
  const privileged = privilegedPrefix(user);
  if (await works(privileged)) {
    return {
      binaries: await findBinaries(`${dataDir}.binaries`),
      dataDir,
      own,
      spawn: (program, args, options) => spawn('setpriv', [...privileged, program, ...args], options),
    };
  }
  const place = await enterablePlace(dataDir);
  return { ...place, own, spawn: (program, args, options) => spawn(program, args, { ...options, ...user }) };
}

/** Returns the user `postgres`, or `nobody` when the system has none. */
async function serverUser(): Promise<UserIds> {
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = users
    .split('\n')
    .find((line) => line.startsWith('postgres:'))
    ?.split(':');
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  return uid > 0 && gid > 0 ? { uid, gid } : NOBODY;
}

function privilegedPrefix({ uid, gid }: UserIds): readonly string[] {
  return [
    '--reuid',
    String(uid),
    '--regid',
    String(gid),
    '--clear-groups',
    `--inh-caps=${PRIVILEGES}`,
    `--ambient-caps=${PRIVILEGES}`,
  ];
}

async function works(prefix: readonly string[]): Promise<boolean> {
  // A container may forbid `setpriv`, so it is tried. PERENNIAL_NO_SETPRIV is for tests.
  if (process.env['PERENNIAL_NO_SETPRIV'] !== undefined) return false;
  return promisify(execFile)('setpriv', [...prefix, 'true']).then(
    () => true,
    () => false,
  );
}

async function enterablePlace(dataDir: string): Promise<Pick<PostgresAccount, 'binaries' | 'dataDir'>> {
  const found = await findBinaries(`${dataDir}.binaries`);
  const inPlace = (await isEnterable(dirname(dataDir))) && (await isEnterable(dirname(found.postgres)));
  if (inPlace) return { binaries: found, dataDir };
  // The name is the same at the next start, so that the data is found again.
  const place = join(tmpdir(), `perennial-postgres-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  await mkdir(place, { recursive: true });
  await chmod(place, 0o755); // `chmod` ignores the umask
  const facts = await lstat(place);
  if (!facts.isDirectory() || facts.uid !== 0) {
    throw new Error(
      `Expected ${place} to be a folder of root, found something else. Remove it, or install setpriv (package util-linux).`,
    );
  }
  const binaries = join(place, 'binaries');
  const program = join(binaries, 'native', 'bin', basename(found.postgres));
  const copied = await access(program, constants.X_OK).then(
    () => true,
    () => false,
  );
  return {
    binaries: copied
      ? { initdb: join(dirname(program), basename(found.initdb)), postgres: program }
      : await copyBinaries(binaries).finally(() => chmod(binaries, 0o755)),
    dataDir: join(place, basename(dataDir)),
  };
}

async function isEnterable(path: string): Promise<boolean> {
  const EVERYONE_MAY_ENTER = 0o001;
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode } = await stat(folder);
    if ((mode & EVERYONE_MAY_ENTER) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
