import { describe, expect, it } from 'vitest';
import { importSchemas } from '../../../contracts/imports/vocabulary.ts';
import { validatorOf } from '../../../services/imports/reading/fields.ts';

const users = validatorOf(importSchemas.users, {});
const emailField = importSchemas.users.fields.findIndex(({ name }) => name === 'email');
const withEmail = (email: string) =>
  users((field) => (field === emailField ? email : importSchemas.users.fields[field]?.name === 'id' ? '1' : ''));

describe('IMPORT-4 addresses in a list are read by the rule of mail', () => {
  it.each([
    ['ann@müller.de', 'ann@xn--mller-kva.de'],
    ["o'brien+tag@Example.co.uk", "o'brien+tag@example.co.uk"],
  ])('%s is saved as %s', (text, saved) => {
    expect(withEmail(text)).toMatchObject({ faults: [] });
    expect(withEmail(text).values[emailField]).toBe(saved);
  });

  it.each(['jörg@example.com', 'Eve <eve@example.com>', 'x@example', 'x@127.0.0.1'])('%s is rejected', (text) => {
    expect(withEmail(text).faults).toEqual([{ column: 'email', value: text, reason: 'expected an e-mail address' }]);
  });
});
