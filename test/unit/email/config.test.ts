import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../config/errors.ts';
import { loadConfig } from '../../../config/load.ts';
import { projectDir } from '../../../config/project.ts';

describe('settings of mail', () => {
  it('CFG-1 need nothing: an inbox of our own, files of outgoing/ and samples/', () => {
    const { email } = loadConfig({ STATE_DIR: '/state' });
    expect(email).toMatchObject({
      smtpUrl: undefined,
      from: 'Perennial <noreply@example.com>',
      adminEmail: 'admin@example.com',
      publicUrl: 'http://127.0.0.1:8080',
      attachmentRoots: ['/state/outgoing', path.join(projectDir, 'samples')],
      inbox: { port: 8025, smtpPort: 1025, maxMessages: 1000 },
    });
  });

  it('go to child processes and come back the same', () => {
    const config = loadConfig({
      SMTP_URL: 'smtps://me:secret@mail.example.com:465',
      EMAIL_FROM: 'me@example.com',
      PUBLIC_URL: 'https://app.example.com/',
      ATTACHMENT_ROOTS: ['/a', '/b'].join(path.delimiter),
      SMTP_CONNECTIONS: '3',
      INACTIVE_AFTER_DAYS: '7',
      INBOX_PORT: '0',
    });
    expect(config.email).toMatchObject({ publicUrl: 'https://app.example.com', attachmentRoots: ['/a', '/b'] });
    expect(loadConfig(config.variables)).toEqual(config);
  });

  it.each([
    ['SMTP_URL', 'http://mail.example.com'],
    ['EMAIL_FROM', 'nobody'],
    ['EMAIL_FROM', 'A <a@example.com>\r\nBcc: b@example.com'],
    ['ADMIN_EMAIL', 'admin'],
    ['PUBLIC_URL', 'ftp://x'],
    ['SMTP_CONNECTIONS', '0'],
    ['ATTACHMENT_MAX_MB', '-1'],
  ])('SEC-5 a wrong %s stops the process at its start', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });
});
