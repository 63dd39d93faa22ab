/** The commands and routes of canvases with names, over a client that notes what it is asked. */
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { registerCanvases } from '../../../contracts/canvas/register.schema.ts';
import { defineCanvas } from '../../../define/index.ts';
import { testApi } from '../../support/fakes/api.ts';
import { testCli } from '../../support/fakes/cli.ts';

let remove: () => void;
beforeAll(() => {
  const build = () => ({ task: 'samples.add', args: [1, 2] });
  remove = registerCanvases([defineCanvas({ name: 'text.totalOf', purpose: 'Counts.', input: z.unknown(), build })]);
});
afterAll(() => {
  remove();
});

describe('canvases with names', () => {
  it('perennial canvas names lists them, and start passes input and options on', async () => {
    const cli = testCli();
    expect((await cli.run('canvas', 'names')).stdout).toMatch(/text\.totalOf +Counts\./);
    const options = ['--input', '{"texts": ["a"]}', '--id', 'first', '--tenant', 'acme', '--on-failure', 'park'];
    const { code, stdout } = await cli.run('canvas', 'start', 'text.totalOf', ...options);
    expect([code, stdout]).toEqual([0, 'Started first\n']);
    expect(cli.client.asked).toContainEqual([
      'startCanvas',
      'text.totalOf',
      { texts: ['a'] },
      { id: 'first', tenant: 'acme', onFailure: 'park' },
    ]);
    expect((await cli.run('canvas', 'start', 'text.totalOf', '--input', '{')).code).toBe(2);
  });

  it('are listed and started over HTTP', async () => {
    const { app, client } = testApi();
    expect((await request(app).get('/v1/canvases')).body).toEqual({
      items: [{ name: 'text.totalOf', purpose: 'Counts.' }],
      nextCursor: null,
    });
    const body = { input: { texts: ['a'] }, tenant: 'acme' };
    const started = await request(app).post('/v1/canvases/text.totalOf').set('Idempotency-Key', 'k').send(body);
    expect([started.status, started.headers['location']]).toEqual([202, expect.stringContaining('/v1/canvas/')]);
    const options = { tenant: 'acme', id: expect.any(String) as string };
    expect(client.asked).toContainEqual(['startCanvas', 'text.totalOf', body.input, options]);
    expect((await request(app).post('/v1/canvases/text.totalOf').send({ inputs: 1 })).status).toBe(400);
  });
});
