/** Routes of breakers: list, look, open and close. */
import type { Request } from 'express';
import { z } from 'zod';
import type { ApiDomain } from '../domain.ts';
import { shownBy } from '../http/auth.ts';
import { cutPage, sendPage } from '../http/paging.ts';
import { defineRoute } from '../http/route.ts';
import { breakerComponents } from './components.ts';
import {
  breakerChangeBody,
  breakerListSchema,
  breakerOpenBody,
  breakerParams,
  breakerSchema,
  breakersQuery,
  breakerWithChangesSchema,
} from './schemas.ts';

const listBreakers = defineRoute({
  name: 'listBreakers',
  method: 'get',
  path: '/v1/breakers',
  summary: 'Providers that have failed: state, reason, next probe, waiting calls',
  query: breakersQuery,
  answers: { 200: { description: 'Breakers, by key', schema: breakerListSchema } },
  async handle({ services, query, request, response }) {
    await sendPage({ request, response, query }, z.string(), async (after) =>
      cutPage(await services.client.breakers.list(), ({ key }) => key, { after, limit: query.limit }),
    );
  },
});

const getBreaker = defineRoute({
  name: 'getBreaker',
  method: 'get',
  path: '/v1/breakers/:key',
  summary: 'One breaker, and who changed it when and why',
  params: breakerParams,
  answers: { 200: { description: 'The breaker', schema: breakerWithChangesSchema } },
  errors: [404],
  async handle({ services, params, response }) {
    response.json(await services.client.breakers.get(params.key));
  },
});

const openBreaker = defineRoute({
  name: 'openBreaker',
  method: 'post',
  path: '/v1/breakers/:key/open',
  summary: 'Let all calls of a provider wait',
  admin: true,
  params: breakerParams,
  body: breakerOpenBody,
  answers: { 200: { description: 'The breaker as it is now', schema: breakerSchema } },
  async handle({ services, params, body, request, response }) {
    const change = { ...body, by: body.by ?? keyName(request) };
    services.logger.info({ provider: params.key, ...change }, 'breaker: open');
    response.json(await services.client.breakers.open(params.key, change));
  },
});

const closeBreaker = defineRoute({
  name: 'closeBreaker',
  method: 'post',
  path: '/v1/breakers/:key/close',
  summary: 'Let calls of a provider pass again',
  admin: true,
  params: breakerParams,
  body: breakerChangeBody,
  answers: { 200: { description: 'The breaker as it is now', schema: breakerSchema } },
  errors: [404],
  async handle({ services, params, body, request, response }) {
    const change = { ...body, by: body.by ?? keyName(request) };
    services.logger.info({ provider: params.key, ...change }, 'breaker: close');
    response.json(await services.client.breakers.close(params.key, change));
  },
});

/** Whose key the request carried. */
function keyName(request: Request): string {
  return shownBy(request) === 'administrator' ? 'administrator' : 'api';
}

export const breakers: ApiDomain = {
  tag: 'breakers',
  components: breakerComponents,
  routes: [listBreakers, getBreaker, openBreaker, closeBreaker],
};
