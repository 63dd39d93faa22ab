#!/bin/sh
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
