import { expect, it } from 'vitest';
import { parseNumber } from '../../../services/messages/numbers.ts';

it.each([
  ['+4915112345678', '+4915112345678'],
  ['+49 151 1234-5678', '+4915112345678'],
  [' +1 (415) 555-2671 ', '+14155552671'],
  ['+12025550104', '+12025550104'],
  ['+447400123456', '+447400123456'],
])('reads %j', async (text, number) => {
  await expect(parseNumber(text)).resolves.toBe(number);
});

it.each([
  ['112', 'EmergencyNumber'],
  ['911', 'EmergencyNumber'],
  ['+1911', 'EmergencyNumber'],
  ['+49112', 'EmergencyNumber'],
  ['+44 999', 'EmergencyNumber'],
  ['+49 116 117', 'EmergencyNumber'],
  ['000', 'EmergencyNumber'],
  ['+493012345678', 'LandlineNumber'],
  ['+442079460000', 'LandlineNumber'],
  ['+49900123456', 'InvalidPhoneNumber'],
  ['+18005550199', 'InvalidPhoneNumber'],
  ['015112345678', 'InvalidPhoneNumber'],
  ['+491711', 'InvalidPhoneNumber'],
  ['+999123456789', 'InvalidPhoneNumber'],
  ['+1 415 555 2671 ext. 5', 'InvalidPhoneNumber'],
  ['+٤٩١٥١١٢٣٤٥٦٧٨', 'InvalidPhoneNumber'],
  ['+4915112345678\nBcc: x', 'InvalidPhoneNumber'],
  ["+49'; drop table users", 'InvalidPhoneNumber'],
  ['++4915112345678', 'InvalidPhoneNumber'],
  ['tel:+4915112345678', 'InvalidPhoneNumber'],
  ['', 'InvalidPhoneNumber'],
])('refuses %j as %s, without telling it', async (text, type) => {
  const error: unknown = await parseNumber(text).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ type });
  if (text.length > 5) expect((error as Error).message).not.toContain(text.trim()); // the assertion above says that it is one
});
