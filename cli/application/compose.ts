/** `compose.yaml` of an application: everything that it needs on one machine, with a service for each fleet. */
import type { FleetRow } from '../../contracts/queues/fleets.ts';
import { healthOf } from './image.ts';
import { TEMPORAL_FILES } from './temporal.ts';

/** What a service needs to know of a fleet. */
export type RunningFleet = Pick<FleetRow, 'fleet' | 'processes'>;

const WORKER_HEALTH = healthOf('http://127.0.0.1:9091/health/live');
const API_HEALTH = healthOf('http://127.0.0.1:8080/health/ready');

/**
 * Returns the file.
 *
 * @param fleets - those of the application; one more service serves the rest
 */
export function composeText(fleets: readonly RunningFleet[]): string {
  return `${HEAD}
services:
${SERVICES}
${workerText({ fleet: 'rest', processes: 1 }, true)}
${fleets.map((fleet) => workerText(fleet, false)).join('\n')}${fleets.length === 0 ? '' : '\n'}${SERVERS}`;
}

function workerText({ fleet, processes }: RunningFleet, isFirst: boolean): string {
  return `  worker-${fleet}:
    <<: *application
    command: ['worker', '--fleet', '${fleet}']
    deploy: { replicas: ${String(processes)} }
    healthcheck: ${isFirst ? `&worker-health\n${WORKER_CHECK}` : '*worker-health'}
`;
}

function configText([name, text]: readonly [string, string]): string {
  const lines = text.trimEnd().replaceAll('$', '$$$$').split('\n');
  return `  ${name}:\n    content: |\n${lines.map((line) => (line === '' ? '\n' : `      ${line}\n`)).join('')}`;
}

function checkText(script: string): string {
  return `      test: ['CMD', 'node', '--eval', "${script}"]
      interval: 10s
      timeout: 5s
      start_period: 60s
      retries: 3`;
}

const WORKER_CHECK = checkText(WORKER_HEALTH);

const HEAD = `# The application on one machine: API, workers, PostgreSQL, and a Temporal server with its own PostgreSQL and Web UI.
#
#   cp .env.example .env      # and fill it in
#   docker compose up --build --detach
#
# Published on this machine only: API http://127.0.0.1:8080, Web UI http://127.0.0.1:8233.

x-hardened: &hardened
  restart: unless-stopped
  security_opt: ['no-new-privileges:true']
  logging: { driver: json-file, options: { max-size: 10m, max-file: '3' } }

x-once: &once
  <<: *hardened
  restart: on-failure:5

x-temporal-tools: &temporal-tools
  <<: *once
  image: temporalio/admin-tools:1.32.0@sha256:a9f84fb9a374b2374fe2e67c8efc0468ff3f1c66c8a0b14597ec86e349e62bca
  mem_limit: 256m
  pids_limit: 128

x-postgres: &postgres
  <<: *hardened
  image: postgres:18.6-trixie@sha256:4ef4dbc939d61acea57712655ddb4b4ab27419c913f94cca0cd57cb3ea3c2280
  stop_grace_period: 60s
  shm_size: 256mb
  mem_limit: 1g
  pids_limit: 512

x-settings: &settings
  ENVIRONMENT: production
  LOG_LEVEL: INFO
  SHUTDOWN_GRACE_MS: '45000'
  TEMPORAL_ADDRESS: temporal:7233
  TEMPORAL_NAMESPACE: application
  DATABASE_URL: postgres://application:\${POSTGRES_PASSWORD:?see .env.example}@postgres:5432/application
  # Several machines share a store: s3://key:secret@host:port/bucket?region=…
  BLOB_URL: file:///blobs
  API_HOST: 0.0.0.0
  API_PORT: '8080'
  HEALTH_PORT: '9091'
  API_KEY: \${API_KEY:?see .env.example}
  ADMIN_API_KEY: \${ADMIN_API_KEY:?see .env.example}
  SEAL_KEYS: \${SEAL_KEYS:?see .env.example}
  PAYLOAD_KEYS: \${PAYLOAD_KEYS:-}
  # Settings of plug-ins and of ports of your own follow, such as STOCK_URL: \${STOCK_URL:?see .env.example}

x-application: &application
  <<: *hardened
  image: application
  build: .
  init: true
  read_only: true
  tmpfs: ['/tmp:mode=1777']
  cap_drop: [ALL]
  mem_limit: 1g
  pids_limit: 256
  # Longer than SHUTDOWN_GRACE_MS: running work may finish, or hand back where it is.
  stop_grace_period: 60s
  environment: *settings
  networks: [front, data, temporal]
  volumes: ['blobs:/blobs']
  depends_on:
    migrate: { condition: service_completed_successfully }
    temporal-namespace: { condition: service_completed_successfully }
`;

const SERVICES = `  # Brings the database up to date before processes of a new version start.
  migrate:
    <<: [*once, *application]
    command: ['migrate']
    networks: [data]
    depends_on:
      postgres: { condition: service_healthy }

  # Writes the schedules of the code to the server, once workers have registered what schedules carry.
  schedules:
    <<: [*once, *application]
    command: ['schedules', 'sync']
    networks: [data, temporal]
    depends_on:
      worker-rest: { condition: service_healthy }

  api:
    <<: *application
    command: ['api']
    ports: ['127.0.0.1:8080:8080']
    healthcheck:
${checkText(API_HEALTH)}

  # Workflows, and every queue that no fleet of the application serves.`;

const SERVERS = `  postgres:
    <<: *postgres
    environment:
      POSTGRES_USER: application
      POSTGRES_DB: application
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?see .env.example}
    networks: [data]
    # Version 18 keeps its data in a folder of its version below this one.
    volumes: ['postgres-data:/var/lib/postgresql']
    healthcheck:
      test: ['CMD', 'pg_isready', '--username=application', '--dbname=application', '--host=127.0.0.1']
      interval: 5s
      timeout: 5s
      start_period: 30s
      retries: 12

  temporal:
    <<: *hardened
    image: temporalio/server:1.32.0@sha256:c3e752127759616bb1615e0f9ba0e21635aeb5fdeb922de4f371c350955f46ae
    mem_limit: 2g
    pids_limit: 1024
    environment:
      DB: postgres12
      DB_PORT: '5432'
      POSTGRES_SEEDS: temporal-postgres
      POSTGRES_USER: temporal
      POSTGRES_PWD: \${TEMPORAL_POSTGRES_PASSWORD:?see .env.example}
      BIND_ON_IP: 0.0.0.0
      # One process holds all services of the server: they find each other here, whatever the networks.
      TEMPORAL_BROADCAST_ADDRESS: 127.0.0.1
      DYNAMIC_CONFIG_FILE_PATH: config/dynamicconfig/dynamic-config.yaml
    networks: [temporal, temporal-data]
    configs: [{ source: temporal-settings, target: /etc/temporal/config/dynamicconfig/dynamic-config.yaml }]
    healthcheck:
      test: ['CMD', 'nc', '-z', 'localhost', '7233']
      interval: 5s
      timeout: 3s
      start_period: 30s
      retries: 60
    depends_on:
      temporal-schema: { condition: service_completed_successfully }

  temporal-schema:
    <<: *temporal-tools
    entrypoint: ['/bin/sh', '/setup/schema.sh']
    environment:
      DB_PORT: '5432'
      POSTGRES_SEEDS: temporal-postgres
      POSTGRES_USER: temporal
      SQL_PASSWORD: \${TEMPORAL_POSTGRES_PASSWORD:?see .env.example}
    networks: [temporal-data]
    configs: [{ source: temporal-schema, target: /setup/schema.sh }]
    depends_on:
      temporal-postgres: { condition: service_healthy }

  temporal-namespace:
    <<: *temporal-tools
    entrypoint: ['/bin/sh', '/setup/namespace.sh']
    environment:
      TEMPORAL_ADDRESS: temporal:7233
      TEMPORAL_NAMESPACE: application
    networks: [temporal]
    configs: [{ source: temporal-namespace, target: /setup/namespace.sh }]
    depends_on:
      temporal: { condition: service_healthy }

  temporal-postgres:
    <<: *postgres
    environment:
      POSTGRES_USER: temporal
      POSTGRES_PASSWORD: \${TEMPORAL_POSTGRES_PASSWORD:?see .env.example}
    networks: [temporal-data]
    volumes: ['temporal-postgres-data:/var/lib/postgresql']
    healthcheck:
      test: ['CMD', 'pg_isready', '--username=temporal', '--dbname=temporal', '--host=127.0.0.1']
      interval: 5s
      timeout: 5s
      start_period: 30s
      retries: 12

  temporal-ui:
    <<: *hardened
    image: temporalio/ui:2.54.1@sha256:ff0943fe532b8e33c46cd28b29e81e0ce0b6f55b9ee50a38ef1b437cc4de3fa5
    mem_limit: 256m
    pids_limit: 128
    environment:
      TEMPORAL_ADDRESS: temporal:7233
      TEMPORAL_UI_PORT: '8080'
      TEMPORAL_DEFAULT_NAMESPACE: application
    ports: ['127.0.0.1:8233:8080']
    networks: [front, temporal]
    healthcheck:
      test: ['CMD-SHELL', 'wget --quiet --spider http://127.0.0.1:8080/ || exit 1']
      interval: 10s
      timeout: 5s
      start_period: 30s
      retries: 6
    depends_on:
      temporal: { condition: service_healthy }

configs:
  # A dollar is written twice, so that Compose leaves it to the script.
${Object.entries(TEMPORAL_FILES).map(configText).join('')}
networks:
  # The only network that reaches, and is reached from, outside.
  front:
  data: { internal: true }
  temporal: { internal: true }
  temporal-data: { internal: true }

volumes:
  blobs:
  postgres-data:
  temporal-postgres-data:
`;
