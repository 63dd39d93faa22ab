# One image for the API and for every worker fleet; the command says which:
#   docker run … perennial dist/api/main.js
#   docker run … perennial dist/workers/main.js      (the default)
#   docker run … perennial dist/cli/main.js status

FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package of ours needs an install script; a new one that does must not run unseen.
RUN npm ci --omit=dev --ignore-scripts

# The product is compiled, and the workflows are bundled, once here, so that a container is ready seconds sooner.
FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY scripts/build.mjs scripts/lock.mjs ./scripts/
COPY contracts ./contracts
COPY canvas ./canvas
COPY define ./define
COPY application ./application
COPY concurrency ./concurrency
COPY config ./config
COPY observability ./observability
COPY payloads ./payloads
COPY schedules ./schedules
COPY services ./services
COPY activities ./activities
COPY workflows ./workflows
COPY workers ./workers
COPY client ./client
COPY api ./api
COPY cli ./cli
COPY stack ./stack
RUN node scripts/build.mjs && node dist/workers/build-bundle.js /app/workflows.js

FROM node:22.22.2-bookworm-slim@sha256:9f6d5975c7dca860947d3915877f85607946403fc55349f39b4bc3688448bb6e
# tesseract: the fast local engine. tini: reaps the readers' processes and hands signals on.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tesseract-ocr tini \
  && rm -rf /var/lib/apt/lists/*
# One thread for each reader process: the pool already runs one process for each core.
# Two heaps of glibc: it would give each thread one and return little of it. Large blocks go back as soon as they are free.
ENV NODE_ENV=production OMP_THREAD_LIMIT=1 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144 TZ=UTC STATE_DIR=/tmp/perennial
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/workflows.js ./workflows.js
COPY package.json LICENSE ./
COPY ops/healthcheck.mjs ./ops/healthcheck.mjs
ENV WORKFLOW_BUNDLE=/app/workflows.js
USER node
# Workers answer here; services with another port or path name it in their own health check.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "ops/healthcheck.mjs", "http://127.0.0.1:9091/health/live"]
# V8 would let garbage grow to 256 MB before it first looks at old objects.
ENTRYPOINT ["tini", "--", "node", "--initial-old-space-size=64"]
CMD ["dist/workers/main.js"]
