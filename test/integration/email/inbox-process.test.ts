/** The process of the development inbox on a full disk. */
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { expect, it, onTestFinished } from 'vitest';
import { projectDir } from '../../../config/project.ts';
import { freePort } from '../../../stack/ports.ts';

it('serves although no line of its log can be written', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'perennial-test-inbox-'));
  const [port, smtpPort] = [await freePort(), await freePort()];
  const full = openSync('/dev/full', 'w'); // answers each write with ENOSPC
  const entry = path.join(projectDir, 'stack/inbox/main.ts');
  const variables = { STATE_DIR: folder, INBOX_PORT: String(port), INBOX_SMTP_PORT: String(smtpPort) };
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), entry], {
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'ignore', full],
  });
  closeSync(full);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const status = async (): Promise<number> => {
    if (child.exitCode !== null) throw new Error(`the inbox ended with exit code ${String(child.exitCode)}`);
    const response = await fetch(`http://127.0.0.1:${String(port)}/health/live`);
    return response.status;
  };
  await expect.poll(() => status().catch(() => 0)).toBe(200);
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort });
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 'One', text: 'x' });
  transport.close();
  expect(await status()).toBe(200);
});
