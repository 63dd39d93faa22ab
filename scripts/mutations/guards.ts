/** Lists guards, each with a change that breaks it and the test that must fail. */

/** A change that breaks one guard. */
export interface Mutation {
  readonly what: string;
  readonly file: string;
  /** Text to replace, which occurs in the file exactly once. */
  readonly from: string;
  readonly to: string;
  /** Path of the test file, all of whose tests run. */
  readonly test: string;
}

const ACCESS = 'test/integration/api/access.test.ts';
const ABUSE = 'test/integration/api/abuse.test.ts';
const BROWSERS = 'test/unit/observability/browsers.test.ts';
const HEALTH = 'test/unit/observability/health.test.ts';
const CONFINE = 'test/unit/storage/confine.test.ts';

export const mutations: readonly Mutation[] = [
  {
    what: 'a result of a document is open to strangers',
    file: 'api/documents/routes.ts',
    from: "  path: '/v1/documents/:id/result',\n",
    to: "  path: '/v1/documents/:id/result',\n  open: true,\n",
    test: ACCESS,
  },
  {
    what: 'schedules are synchronised by strangers',
    file: 'api/schedules/routes.ts',
    from: "  path: '/v1/schedules/sync',\n",
    to: "  path: '/v1/schedules/sync',\n  open: true,\n",
    test: ACCESS,
  },
  {
    what: 'housekeeping is for every caller',
    file: 'api/housekeeping/routes.ts',
    from: "answers at once',\n  admin: true,\n",
    to: "answers at once',\n",
    test: ACCESS,
  },
  {
    what: 'the key of callers opens the routes of administrators',
    file: 'api/http/auth.ts',
    from: "if (shown === 'key') throw",
    to: "if (shown === 'none') throw",
    test: ACCESS,
  },
  {
    what: 'a key of administrators alone leaves everything else open',
    file: 'api/http/auth.ts',
    from: 'if (key === undefined && adminKey === undefined) return',
    to: 'if (key === undefined) return',
    test: ACCESS,
  },
  {
    what: 'any key is right',
    file: 'api/http/auth.ts',
    from: 'return timingSafeEqual(digest(a), digest(b));',
    to: 'return digest(a).length === digest(b).length || timingSafeEqual(digest(a), digest(b));',
    test: ACCESS,
  },
  {
    what: 'the API does not look at Host and Origin',
    file: 'api/app.ts',
    from: 'if (refused !== undefined) throw',
    to: "if (refused !== undefined && request.path === '') throw",
    test: ACCESS,
  },
  {
    what: 'every name is ours',
    file: 'observability/browsers.ts',
    from: 'return hosts.some((host) => host.toLowerCase() === name);',
    to: 'return hosts.length >= 0;',
    test: BROWSERS,
  },
  {
    what: 'another port of this machine may change things',
    file: 'observability/browsers.ts',
    from: "return site === 'same-origin' || site === 'none';",
    to: "return site !== 'cross-site';",
    test: BROWSERS,
  },
  {
    what: 'health servers answer to every name',
    file: 'observability/health.ts',
    from: 'if (refused !== undefined) return',
    to: 'if (refused?.status === 403) return',
    test: HEALTH,
  },
  {
    what: 'readiness tells hosts and passwords',
    file: 'observability/health.ts',
    from: 'return publicReason(error);',
    to: 'return String(error);',
    test: HEALTH,
  },
  {
    what: 'addresses are not counted',
    file: 'api/app.ts',
    from: 'if (!isProbe(request)) await',
    to: "if (request.path === '') await",
    test: ABUSE,
  },
  {
    what: 'a locked-out address may go on',
    file: 'api/app.ts',
    from: 'await guard.checkLockout(caller);',
    to: '',
    test: ABUSE,
  },
  {
    what: 'uploads have no quota',
    file: 'api/app.ts',
    from: '...(route.upload ? [countUpload(guard)] : []),',
    to: '',
    test: ABUSE,
  },
  {
    what: 'each address of an IPv6 network has a count of its own',
    file: 'api/http/abuse.ts',
    from: 'const IPV6_NETWORK = 4;',
    to: 'const IPV6_NETWORK = 8;',
    test: ABUSE,
  },
  {
    what: 'links lead out of the allowed folders',
    file: 'services/files/confine.ts',
    from: "if (!isInside(real, allowed)) return notAllowed(given, 'a path that leads outside of them');",
    to: '',
    test: CONFINE,
  },
  {
    what: 'a folder whose name begins like an allowed one is allowed',
    file: 'services/files/confine.ts',
    from: "return rest === '' || (rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest));",
    to: "return rest === '' || path.startsWith(root) || (rest !== '..' && !rest.startsWith(`..${sep}`));",
    test: CONFINE,
  },
  {
    what: 'keys named hidden are shown in logs',
    file: 'observability/redact.ts',
    from: 'const hidden: ReadonlySet<string> = new Set(HIDDEN_KEYS.map(plain));',
    to: 'const hidden: ReadonlySet<string> = new Set(HIDDEN_KEYS.slice(0, 0).map(plain));',
    test: 'test/unit/observability/logger.test.ts',
  },
  {
    what: 'downloads go to private addresses',
    file: 'services/imports/download/addresses.ts',
    from: "if (parsed.range() !== 'unicast') return false;",
    to: "if (parsed.range() === 'loopback') return false;",
    test: 'test/unit/imports/addresses.test.ts',
  },
  {
    what: 'a blob follows links',
    file: 'services/blobs/filesystem.ts',
    from: 'constants.O_RDONLY | constants.O_NOFOLLOW',
    to: 'constants.O_RDONLY',
    test: 'test/unit/storage/blobs.test.ts',
  },
  {
    what: 'an upload may be larger than the limit',
    file: 'services/blobs/spool.ts',
    from: 'size > limit.bytes) {',
    to: 'size > limit.bytes * 1_000) {',
    test: 'test/unit/storage/blobs.test.ts',
  },
  {
    what: 'limits give more places than there are',
    file: 'services/limits/postgres.ts',
    from: 'const given = await grant(transaction, key, concurrency);',
    to: 'const given = await grant(transaction, key, concurrency + 1);',
    test: 'test/integration/limits/store.test.ts',
  },
];
