/** What a domain contributes to the API. */
import type { Route } from './http/route.ts';

/** The contribution of one domain; `api/domains.ts` lists all of them. */
export interface ApiDomain {
  /** Heading of the routes in the OpenAPI document and on the overview page: the word of the domain. */
  readonly tag: string;
  /** Of two routes that fit an address, the first one answers. */
  readonly routes: readonly Route[];
}

/** A route under the heading of its domain. */
export type TaggedRoute = Route & Pick<ApiDomain, 'tag'>;
