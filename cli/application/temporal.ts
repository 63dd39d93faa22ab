/** How the Temporal server of an application is set up: what `ops/temporal/` holds for the product itself. */

/** Creates or updates the databases of the server. */
const SCHEMA = `#!/bin/sh
# Creates or updates the two databases of the Temporal server. Safe to run again.
set -eu

sql() {
  temporal-sql-tool --plugin postgres12 --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" --user "$POSTGRES_USER" "$@"
}

for database in temporal temporal_visibility; do
  case "$database" in
    temporal) versions=/etc/temporal/schema/postgresql/v12/temporal/versioned ;;
    *) versions=/etc/temporal/schema/postgresql/v12/visibility/versioned ;;
  esac
  sql --database "$database" create
  # Setting up twice is an error, and means that it was done before.
  sql --database "$database" setup-schema --version 0.0 || echo "$database has a schema already"
  sql --database "$database" update-schema --schema-dir "$versions"
done
`;

/** Creates the namespace. */
const NAMESPACE = `#!/bin/sh
# Creates the namespace of the application. Safe to run again.
set -eu

until temporal operator cluster health; do
  sleep 2
done
temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 168h
`;

/** Settings of the server. */
const SETTINGS = `# One partition: order, rates and fairness hold for the whole queue.
matching.numTaskqueueReadPartitions:
  - value: 1
matching.numTaskqueueWritePartitions:
  - value: 1
matching.useNewMatcher:
  - value: true
matching.enableFairness:
  - value: true
matching.priorityLevels:
  - value: 10
system.enableActivityEagerExecution:
  - value: true
frontend.WorkerHeartbeatsEnabled:
  - value: true
frontend.ListWorkersEnabled:
  - value: true
# The defaults cost 50 ms for each hop and a whole second for short timers.
history.transferProcessorMaxPollRPS:
  - value: 1000
history.timerProcessorMaxPollRPS:
  - value: 1000
history.timerProcessorMaxTimeShift:
  - value: 5ms
# Schedules run in workers of the server itself; whoever asks for one waits this long, not 5 s, when these are busy.
worker.perNamespaceWorkerOptions:
  - value:
      StickyScheduleToStartTimeout: 500ms
`;

/** Files of the containers by the name of their configuration; Compose leaves a dollar alone that is written twice. */
export const TEMPORAL_FILES = {
  'temporal-settings': SETTINGS,
  'temporal-schema': SCHEMA,
  'temporal-namespace': NAMESPACE,
} as const;
