import { describe, expect, it } from 'vitest';
import { maskSecrets, redact } from '../../../observability/redact.ts';

/** Texts that patterns without bounds take a time for that grows with the square of the length. */
const HOSTILE = {
  'a path of one letter and a colon': `GET /${'a'.repeat(15_500)}:`,
  'many schemes': 'a://'.repeat(5_000),
  'many schemes with a user': 'a://b:'.repeat(5_000),
  'many words that announce a token': 'bearer '.repeat(5_000),
  'spaces behind a key': `password${' '.repeat(20_000)}=`,
  'many keys': 'token:'.repeat(5_000),
  'dashes behind the mark of a key': 'sk-'.repeat(5_000),
  'a megabyte of one letter': `${'a'.repeat(1_000_000)}:`,
};

describe('maskSecrets', () => {
  it.each(Object.entries(HOSTILE))('takes little time for %s', (_name, text) => {
    maskSecrets('warm up: password=abc');
    // The time of this process, not of a busy machine.
    const before = process.cpuUsage();
    maskSecrets(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(30);
  });

  it('shows nothing of a secret that stands where a long text is cut', () => {
    for (const secret of [
      'postgres://user:hunter2hunter2@host',
      'token=hunter2hunter2hunter2',
      'Bearer hunter2hunter2',
    ])
      for (let before = 7_960; before <= 8_000; before += 1) {
        const shown = maskSecrets(`${'x'.repeat(before - 1)} ${secret} ${'y'.repeat(3_000)}`);
        expect(shown).not.toContain('hunter2');
        expect(shown).toContain('characters)');
      }
  });

  it('masks passwords of addresses with any scheme', () => {
    expect(maskSecrets('postgres://u:pw@h/d, smtp://u:p%40w@h and redis://:pw@h')).toBe(
      'postgres://[redacted]@h/d, smtp://[redacted]@h and redis://[redacted]@h',
    );
  });
});

it('redact shortens long texts and tells their length', () => {
  expect(redact({ note: 'word '.repeat(1_000) })).toEqual({
    note: expect.stringMatching(/^(word ){400}… \(5000 characters\)$/) as string,
  });
});
