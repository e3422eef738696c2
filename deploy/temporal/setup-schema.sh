#!/bin/sh
# Brings Temporal's two databases to the schema of this release. Safe to repeat: a database without a version gets one first.
set -eu

schema=${TEMPORAL_SCHEMA_DIR:-/etc/temporal/schema/postgresql/v12}

bring_up() {
  database=$1
  versions=$2
  if ! temporal-sql-tool --database "$database" update-schema --schema-dir "$versions"; then
    temporal-sql-tool --database "$database" setup-schema --version 0.0
    temporal-sql-tool --database "$database" update-schema --schema-dir "$versions"
  fi
}

bring_up temporal "$schema/temporal/versioned"
bring_up temporal_visibility "$schema/visibility/versioned"
