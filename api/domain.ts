/** What a domain contributes to the API. */
import type { Components } from './http/components.ts';
import type { Route } from './http/route.ts';
import type { ApiRoot } from './root.ts';
import type { ApiServices } from './services.ts';

/** The contribution of a domain without ports of its own; `api/domains.ts` lists all domains. */
export interface ApiDomain<Services extends ApiServices = ApiServices> {
  /** Heading of the routes in the OpenAPI document and on the overview page: the word of the domain. */
  readonly tag: string;
  /** Of two routes that fit an address, the first one answers. */
  readonly routes: readonly Route<Services>[];
  /** Names of the shapes that the routes take and give. @defaultValue none */
  readonly components?: Components;
  /** Absent: the domain uses only what all domains may use. */
  readonly openPorts?: (root: ApiRoot) => object;
}

/** The contribution of a domain with ports of its own, which stand in `api/DOMAIN/ports.ts`. */
export interface ApiDomainWithPorts<Ports extends object> extends ApiDomain<ApiServices & Ports> {
  /** Builds the ports over real adapters. No two domains may use the same name for a port. */
  readonly openPorts: (root: ApiRoot) => Ports;
}

/** A route with the heading of its domain. By default `Services` is unknown, which is enough to describe a route. */
export type TaggedRoute<Services extends ApiServices = never> = Route<Services> & Pick<ApiDomain, 'tag'>;
