/** Every list comes in pages of one form. */
import request from 'supertest';
import { describe, expect, test } from 'vitest';
import { openApiDocument } from '../../../api/http/openapi.ts';
import { cutPage, endAt } from '../../../api/http/paging.ts';
import { createRoutes } from '../../../api/routes.ts';
import { documentId, testApi, type TestApi } from '../../support/fakes/api.ts';
import { reading } from '../../support/fakes/documents.ts';
import { progress } from '../../support/fakes/client.ts';
import { importView } from '../../support/fakes/imports.ts';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }>>;
}

const document = openApiDocument(createRoutes('test'), 'test') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const answers = Object.entries(document.paths).flatMap(([path, { get }]) =>
  get === undefined
    ? []
    : [{ path, get, fields: get.responses['200']?.content?.['application/json']?.schema?.properties ?? {} }],
);
const lists = answers.filter(({ fields }) => 'items' in fields);

/** Times are computed without an end, and causes are the most frequent ones; the question says how many are wanted. */
const NO_LISTS = ['/v1/schedules/{id}/next', '/v1/dlq/causes'];

/** Says beside a page how many there are, as the dead letter queue of Celery applications does. */
const TELLS_TOTAL = ['/v1/dlq'];

function world(): TestApi {
  const api = testApi();
  for (const n of [1, 2, 3])
    api.documents.putCompleted(
      documentId(n),
      [0, 1, 2].map((page) => reading(page)),
    );
  api.client.batches.set('batch-ocr-b1', { status: 'running', steps: [progress()] });
  api.imports.views.set('import-b1', importView({ id: 'import-b1' }));
  return api;
}

const addressOf = (path: string): string =>
  path.replace('{id}', path.startsWith('/v1/documents') ? documentId(1) : 'b1');
const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('lists', () => {
  test('are those with items, and no answer is a list of another form', () => {
    expect(lists.length).toBeGreaterThanOrEqual(11);
    const others = answers.filter(({ path, fields }) => {
      const types = Object.values(fields).map(({ type }) => type);
      return !('items' in fields) && types.length <= 2 && types.includes('array') && !NO_LISTS.includes(path);
    });
    expect(others.map(({ path }) => path)).toEqual([]);
  });

  test.each(lists)('$path: limit, cursor, items and nextCursor', async ({ path, get, fields }) => {
    const query = (get.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
    expect(query).toEqual(expect.arrayContaining(['limit', 'cursor']));
    expect(query).not.toEqual(expect.arrayContaining(['after']));
    expect(Object.keys(fields).toSorted()).toEqual([
      'items',
      'nextCursor',
      ...(TELLS_TOTAL.includes(path) ? ['total'] : []),
    ]);
    const { app } = world();
    const answer = await request(app).get(addressOf(path)).query({ limit: 1 });
    const told = Object.keys(answer.body as object).toSorted();
    expect([answer.status, told]).toEqual([200, Object.keys(fields).toSorted()]);
  });

  const foreign = cursorOf(['0123456789ab', 'b1']);
  test.each(lists.flatMap(({ path }) => ['broken!', cursorOf({ x: 1 }), foreign].map((cursor) => ({ path, cursor }))))(
    '$path with the cursor $cursor: 400 that says what to do',
    async ({ path, cursor }) => {
      const answer = await request(world().app).get(addressOf(path)).query({ cursor });
      expect([answer.status, answer.type]).toEqual([400, 'application/problem+json']);
      const { errors, detail } = answer.body as { errors: readonly { field: string }[]; detail: string };
      expect(errors.map(({ field }) => field)).toEqual(['cursor']);
      expect(detail).toContain('without a cursor the list begins anew');
    },
  );

  test('go on behind a cursor with another limit, and not with another filter or in another list', async () => {
    const { app } = world();
    const read = async (path: string) => {
      const answer = await request(app).get(path);
      const body = answer.body as { items: readonly { page: number }[]; nextCursor: string };
      return { ...body, status: answer.status };
    };
    const pages = `/v1/documents/${documentId(1)}/pages`;
    const first = await read(`${pages}?limit=1`);
    expect((await read(`${pages}?limit=5&cursor=${first.nextCursor}`)).items.map(({ page }) => page)).toEqual([1, 2]);
    expect((await read(`${pages}?limit=1&words=true&cursor=${first.nextCursor}`)).status).toBe(400);
    expect((await read(`/v1/documents/${documentId(2)}/pages?cursor=${first.nextCursor}`)).status).toBe(400);
  });
});

describe('a page', () => {
  test('of a whole list holds each entry once, in the order of the keys', () => {
    const all = ['c', 'a', 'd', 'b', 'e'];
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = cutPage(all, (key) => key, { after, limit: 2 });
      seen.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('that is full is the last one when nothing is behind it', () => {
    expect(endAt([1, 2], String, 2)).toEqual({ items: [1, 2], next: null });
    expect(endAt([1, 2, 3], String, 2)).toEqual({ items: [1, 2], next: '2' });
  });
});
