/** The commands and routes of parked steps, over a client that notes what it is asked. */
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

describe('perennial parked', () => {
  it('lists runs with the reason and the deadline, and says where the next page begins', async () => {
    const cli = testCli();
    const { code, stdout, stderr } = await cli.run('parked', 'list', '--limit', '1');
    expect(code).toBe(0);
    expect(cli.client.asked).toContainEqual(['listParked', { limit: 1 }]);
    expect(stdout).toMatch(/canvas:c1 +celery\.chain +1 +root\/1 +2026-01-08T00:00:00.000Z +FileMissing: no such file/);
    expect(stderr).toContain('--after next');
  });

  it('shows what waits and who has decided what', async () => {
    const { stdout } = await testCli().run('parked', 'show', 'c1');
    expect(stdout).toContain('root/1 parked until 2026-01-08T00:00:00.000Z: samples.add: FileMissing: no such file');
    expect(stdout).toContain('ada: retry root/0 (1): it is back');
  });

  it('decides with who and why', async () => {
    const cli = testCli();
    const who = ['--by', 'ada', '--reason', 'mended'];
    expect((await cli.run('parked', 'retry', 'c1', 'root/1', '--input', '{"a": 1}', ...who)).stdout).toBe(
      'retry: root/1\n',
    );
    await cli.run('parked', 'skip', 'c1', '--value', 'null', ...who);
    await cli.run('parked', 'abort', 'c1', 'root', ...who);
    const by = { by: 'ada', reason: 'mended' };
    expect(cli.client.asked.filter(([what]) => /Parked$/.test(String(what)))).toEqual([
      ['retryParked', 'c1', { path: 'root/1', ...by, input: { a: 1 } }],
      ['skipParked', 'c1', { path: undefined, ...by, value: null }],
      ['abortParked', 'c1', { path: 'root', ...by }],
    ]);
  });

  it('refuses a skip without a value, and a value that is no JSON', async () => {
    expect((await testCli().run('parked', 'skip', 'c1')).code).toBe(2);
    const { code, stderr } = await testCli().run('parked', 'skip', 'c1', '--value', '{');
    expect([code, stderr]).toEqual([2, expect.stringContaining('--value')]);
  });

  it('canvas status says what is parked', async () => {
    const { stdout } = await testCli().run('canvas', 'status', 'c1');
    expect(stdout).toContain('root/1 parked until');
  });

  it('tasks call and canvas run pass the wish on', async () => {
    const cli = testCli();
    await cli.run('tasks', 'call', 'samples.add', '--on-failure', 'park', '--parked-for', '60');
    expect(JSON.stringify(cli.client.asked)).toContain('"onFailure":"park","parkedFor":60');
  });
});

describe('routes of parked steps', () => {
  it('list, show and decide', async () => {
    const { app, client } = testApi();
    const list = await request(app).get('/v1/parked');
    expect(list.body).toMatchObject({ items: [{ id: 'canvas:c1', waiting: 1 }] });
    expect((await request(app).get('/v1/parked/c1')).body).toMatchObject({ steps: [{ path: 'root/1' }] });
    const skipped = await request(app).post('/v1/parked/c1/skip').send({ path: 'root/1', value: 5, by: 'ada' });
    expect(skipped.body).toEqual({ id: 'c1', action: 'skip', paths: ['root/1'] });
    expect(client.asked).toContainEqual(['skipParked', 'c1', { path: 'root/1', value: 5, by: 'ada' }]);
    for (const wrong of [{}, { value: 1, action: 'retry' }, { value: 1, path: 7 }])
      expect((await request(app).post('/v1/parked/c1/skip').send(wrong)).status).toBe(400);
  });

  it('the view of a canvas tells what is parked', async () => {
    const answer = await request(testApi().app).get('/v1/canvas/c1');
    expect(answer.body).toMatchObject({ parked: [{ path: 'root/1', failure: { type: 'FileMissing' } }] });
  });
});
