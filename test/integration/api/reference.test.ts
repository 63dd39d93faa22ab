/** The page about the API, in a real browser: it shows bodies, tries a route with a key, and asks no other host. */
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium, type Page } from 'playwright-core';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findReference } from '../../../api/http/reference.ts';
import { type AllServices, createRoutes } from '../../../api/routes.ts';
import { projectDir } from '../../../config/project.ts';
import { testApi } from '../../support/fakes/api.ts';
import { findChromium } from '../../support/servers/chromium.ts';

const key = 'a-key-of-sixteen-characters';
const executablePath = findChromium();

describe.skipIf(executablePath === undefined)('the reference page in a browser', () => {
  let server: Server;
  let url: string;
  let browser: Browser;
  let page: Page;
  const asked: string[] = [];
  const troubles: string[] = [];
  const answers: string[] = [];
  const refused = new Set<string>();

  beforeAll(async () => {
    server = testApi({ key, reference: findReference(projectDir) }).app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    // A server that listens on a port has an address of this form.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(90_000);
    page.on('request', (request) => asked.push(request.url()));
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('response', (response) => answers.push(`${response.status()} ${new URL(response.url()).pathname}`));
    const tell = `({ blockedURI }) => console.info('refused: ' + blockedURI)`;
    await page.addInitScript(`addEventListener('securitypolicyviolation', ${tell})`);
    page.on('console', (message) => {
      if (message.text().startsWith('refused: ')) refused.add(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  it('shows operations with their bodies and examples', async () => {
    await page.goto(`${url}/v1/docs#tag/tasks/POST/v1/tasks`);
    await page.getByText('Start after so many seconds').first().waitFor();
    await page.getByText('text.countWords').first().waitFor();
  });

  it('tries a route with the key that the reader types', async () => {
    await page.getByPlaceholder('Token').first().fill(key);
    await page.goto(`${url}/v1/docs#tag/queues/GET/v1/queues`);
    await page
      .getByRole('button', { name: /Test Request.*\/v1\/queues/i })
      .first()
      .click();
    await page.getByRole('button', { name: /^Send/ }).first().click();
    await expect.poll(() => answers).toContain('200 /v1/queues');
  });

  it('asks no other host, and needs nothing that its policy refuses but a probe for a compiler', () => {
    expect(asked.filter((address) => !address.startsWith(url) && !address.startsWith('data:'))).toEqual([]);
    expect(troubles).toEqual([]);
    expect([...refused]).toEqual(['refused: eval']);
  });
});

it('is a list of the routes where the program is not installed', async () => {
  const routes = createRoutes('1');
  const app = express();
  for (const { path, run } of routes.filter((route) => route.path.startsWith('/v1/docs')))
    // Routes of the documentation use no services.
    app.get(path, (asked, answer) => run({} as AllServices, asked, answer));
  const list = await request(app).get('/v1/docs');
  expect(list.text).toContain('<code>POST /v1/tasks</code>');
  expect(list.text).not.toContain('<script');
  expect((await request(app).get('/v1/docs/start.js')).status).toBe(404);
});
