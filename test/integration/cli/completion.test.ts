import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provideProduct } from '../../../stack/product.ts';

const launcher = path.resolve(import.meta.dirname, '../../../cli/perennial.mjs');

let folder = '';
beforeAll(async () => {
  await provideProduct();
  folder = mkdtempSync(path.join(tmpdir(), 'perennial-completion-'));
  writeFileSync(path.join(folder, 'perennial'), `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`);
  chmodSync(path.join(folder, 'perennial'), 0o755);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const env = (): NodeJS.ProcessEnv => ({
  PATH: `${folder}:${process.env['PATH'] ?? ''}`,
  HOME: folder,
  STATE_DIR: path.join(folder, 'state'),
});

/** Presses the tab key after a line in a real bash, in which the script is loaded; returns the words it offers. */
function offered(line: string): readonly string[] {
  const script = `
eval "$(perennial completion bash)"
COMP_LINE=$1 COMP_POINT=\${#1}
read -ra COMP_WORDS <<<"\${1//[=:]/ & }"
[[ $1 == *' ' ]] && COMP_WORDS+=('')
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
_perennial
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-euc', script, 'bash', line], { env: env(), encoding: 'utf8' }).trim().split('\n');
}

describe('completion in bash', () => {
  test.each([
    ['perennial sched', ['schedules']],
    ['perennial tasks re', ['result', 'retry', 'revoke']],
    ['perennial tasks call samples.ad', ['samples.add']],
    ['perennial queues pause documents.e', ['documents.email']],
    ['perennial tasks list -o js', ['json', 'jsonl']],
    ['perennial tasks list --output=js', ['json', 'jsonl']],
    ['perennial completion ', ['bash', 'zsh', 'fish']],
  ])('%s', (line, expected) => {
    expect(offered(line)).toEqual(expect.arrayContaining(expected));
    expect(offered(line).every((word) => word !== '')).toBe(true);
  });

  test('files are left to the shell', () => {
    expect(offered('perennial canvas run ')).toEqual(['']);
  });
});

describe('completion in fish', () => {
  const isInstalled = spawnSync('fish', ['-c', 'true']).status === 0;
  test.runIf(isInstalled)('offers commands with what they do', () => {
    const script = 'perennial completion fish | source; complete -C "perennial tasks ret"';
    const offers = execFileSync('fish', ['-c', script], { env: env(), encoding: 'utf8' });
    expect(offers).toBe('retry\trun a task that failed or was revoked again\n');
  });
});

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  const isInstalled = spawnSync(shell, ['-c', 'true']).status === 0;
  test.runIf(isInstalled)('is one that the shell can read', () => {
    const script = execFileSync('perennial', ['completion', shell], { env: env(), encoding: 'utf8' });
    const file = path.join(folder, `completion.${shell}`);
    writeFileSync(file, script);
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
});
