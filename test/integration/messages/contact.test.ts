/** How users want to be written to, over a real database. */
import { expect, it } from 'vitest';
import { failureOf } from '../../support/email-tests.ts';
import { messageTests } from '../../support/messages.ts';

const tests = messageTests();

it('the contact of a user is changed field by field; numbers are checked', async () => {
  await tests.test.db.query(`insert into users (id, email) values ('ada', 'ada@example.com')`);
  const { run, contacts } = await tests.setUp();
  await run('messages.setContact', {
    userId: 'ada',
    phone: '+49 151 1234-5678',
    wantsTexts: true,
    quietFrom: '20:15',
  });
  expect(await contacts.find('ada')).toMatchObject({
    phone: '+4915112345678',
    wantsTexts: true,
    quietFrom: 1_215,
    quietUntil: 480,
  });
  await run('messages.setContact', { userId: 'ada', phone: null });
  expect(await contacts.find('ada')).toMatchObject({ phone: undefined, wantsTexts: true });
  const change = (fields: object) => failureOf(run('messages.setContact', { userId: 'ada', ...fields }));
  expect(await change({ phone: '112' })).toMatchObject({ type: 'EmergencyNumber' });
  expect(await change({ quietFrom: '25:00' })).toMatchObject({ type: 'InvalidInput' });
  expect(await change({ userId: 'eve' })).toMatchObject({ type: 'UserMissing' });
});
