/** Temporal's test server as Maven has it, for machines that cannot download the program which the SDK would take. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../../stack/state.ts';
import { defaultCacheDir } from '../../../stack/temporal/binary.ts';

const VERSION = '1.38.0';

const POM = `<project><modelVersion>4.0.0</modelVersion>
<groupId>perennial</groupId><artifactId>test-server</artifactId><version>1</version>
<dependencies><dependency>
<groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version>
</dependency></dependencies></project>
`;

/** A small heap and quick compilation: a server lives for a few seconds. The SDK gives it the port. */
const PROGRAM = `#!/bin/sh
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`;

const run = promisify(execFile);

/** Whether this machine can fetch and run the server. */
export async function hasJava(): Promise<boolean> {
  const answers = await Promise.allSettled([run('java', ['-version']), run('mvn', ['-version'])]);
  return answers.every(({ status }) => status === 'fulfilled');
}

/** Provides the server, from the cache or from Maven. @returns its program */
export async function provideTestServer(): Promise<string> {
  const cache = path.join(defaultCacheDir(), '../test-server');
  const folder = path.join(cache, VERSION);
  const program = path.join(folder, 'server.sh');
  mkdirSync(cache, { recursive: true });
  await withLock(path.join(cache, `${VERSION}.lock`), async () => {
    if (existsSync(program)) return;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'pom.xml'), POM);
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=lib'], { cwd: folder });
    writeFileSync(program, PROGRAM, { mode: 0o755 });
  });
  return program;
}
