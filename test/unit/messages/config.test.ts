import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../config/errors.ts';
import { loadConfig } from '../../../config/load.ts';

const SID = `AC${'0123456789abcdef'.repeat(2)}`;

describe('settings of text messages', () => {
  it('need nothing: without an account the local stack keeps messages', () => {
    expect(loadConfig({ STATE_DIR: '/state' }).messages).toMatchObject({
      accountSid: undefined,
      authToken: undefined,
      from: undefined,
      apiUrl: undefined,
      stopWords: [],
      segmentCost: 0,
    });
  });

  it('go to child processes and come back the same', () => {
    const config = loadConfig({
      TWILIO_ACCOUNT_SID: SID,
      TWILIO_AUTH_TOKEN: 'token-of-the-account',
      TWILIO_API_URL: 'http://127.0.0.1:8025/',
      MESSAGES_FROM: '+15005550006',
      MESSAGES_SEGMENT_COST: '0.0079',
      MESSAGES_STOP_WORDS: 'stopp,Abmelden',
    });
    expect(config.messages).toMatchObject({
      apiUrl: 'http://127.0.0.1:8025',
      segmentCost: 0.0079,
      stopWords: ['STOPP', 'ABMELDEN'],
    });
    expect(loadConfig(config.variables)).toEqual(config);
  });

  it.each(['+15005550006', '12345', 'Parcels', `MG${'0'.repeat(32)}`])('take %s as a sender', (from) => {
    expect(loadConfig({ MESSAGES_FROM: from }).messages.from).toBe(from);
  });

  it.each([
    ['TWILIO_ACCOUNT_SID', 'AC17'],
    ['TWILIO_AUTH_TOKEN', 'short'],
    ['TWILIO_API_URL', 'ftp://x'],
    ['MESSAGES_FROM', '+0123'],
    ['MESSAGES_FROM', 'a name that is long'],
    ['MESSAGES_FROM', 'A\r\nB'],
    ['MESSAGES_SEGMENT_COST', '-1'],
    ['MESSAGES_STOP_WORDS', 'two words'],
    ['MESSAGES_CONNECTIONS', '0'],
  ])('SEC-5 a wrong %s stops the process at its start (%j)', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });
});
