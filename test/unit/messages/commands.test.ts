/** The API and the command line of text messages, over fakes. */
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

const message = { to: '+4915112345678', body: 'The parcel is there.' };
const result = { status: 'sent', sid: 'SM1', encoding: 'gsm7', segments: 1, cost: '0.007900' };

describe('the API', () => {
  it('starts a message and answers where to look; the Idempotency-Key is its key unless it has one', async () => {
    const api = testApi();
    const post = (body: object) => supertest(api.app).post('/v1/messages').set('idempotency-key', 'k 1').send(body);
    const answer = await post(message);
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ status: 'queued', task_id: 'message-m1' });
    expect(answer.headers['location']).toBe('/v1/messages/message-m1');
    await supertest(api.app)
      .post('/v1/messages')
      .send({ ...message, messageKey: 'parcel-7' });
    expect(api.client.asked).toEqual([
      ['messages.send', { ...message, messageKey: expect.stringMatching(/^key-/) as string }],
      ['messages.send', { ...message, messageKey: 'parcel-7' }],
    ]);
    expect(api.logged.join()).not.toMatch(/4915112345678|parcel is there/);
  });

  it.each([
    ['to', { to: '' }],
    ['body', { body: '' }],
    ['sender', { sender: 'me' }],
  ])('refuses a wrong %s and starts nothing', async (_field, wrong) => {
    const api = testApi();
    const refused = await supertest(api.app)
      .post('/v1/messages')
      .send({ ...message, ...wrong });
    expect(refused).toMatchObject({ status: 400, body: { failure: { type: 'InvalidInput' } } });
    expect(api.client.asked).toEqual([]);
  });

  it('shows a message, and no job of another kind', async () => {
    const api = testApi();
    api.client.jobResult = () => Promise.resolve(result);
    const get = (id: string) => supertest(api.app).get(`/v1/messages/${id}`);
    expect((await get('message-m1')).body).toEqual({ id: 'message-m1', status: 'completed', result });
    expect(await get('email-m1')).toMatchObject({ status: 404 });
  });
});

describe('the command line', () => {
  const args = ['messages', 'send', message.to, message.body];

  it('starts a message under a name, and tells how to ask for it; --wait tells what it came to', async () => {
    const cli = testCli();
    const started = await cli.run(...args, '--key', 'parcel-7');
    expect(started).toMatchObject({ code: 0, stdout: expect.stringContaining('messages status message-m1') as string });
    expect(cli.client.asked[0]).toEqual(['messages.send', { ...message, messageKey: 'parcel-7' }]);
    expect(JSON.parse((await cli.run(...args, '--json')).stdout)).toEqual({ status: 'queued', task_id: 'message-m1' });
    cli.client.jobResult = () => Promise.resolve(result);
    expect(JSON.parse((await cli.run(...args, '--wait', '--json')).stdout)).toEqual(result);
    expect((await cli.run(...args, '--wait')).stdout).toMatch(/sid\s+SM1/);
  });

  it('tells where a message stands', async () => {
    const shown = await testCli().run('messages', 'status', 'message-m1', '--json');
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toEqual({ id: 'message-m1', status: 'completed' });
  });
});
