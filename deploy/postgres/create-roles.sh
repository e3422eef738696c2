#!/bin/sh
# Runs once, when the cluster is made: a role and a database for each who needs one, passwords from the environment.
# tillflow_owner migrates; tillflow_app is everything else and cannot change transfers; temporal keeps its own two databases.
set -eu

psql --set=ON_ERROR_STOP=1 --no-psqlrc --username="$POSTGRES_USER" --dbname=postgres \
  --set=owner_password="$TILLFLOW_OWNER_PASSWORD" \
  --set=app_password="$TILLFLOW_APP_PASSWORD" \
  --set=temporal_password="$TEMPORAL_DB_PASSWORD" <<'SQL'
create role tillflow_owner login password :'owner_password';
create role tillflow_app login password :'app_password';
create role temporal login password :'temporal_password';
create database tillflow owner tillflow_owner;
create database temporal owner temporal;
create database temporal_visibility owner temporal;
revoke connect on database tillflow from public;
revoke connect on database temporal from public;
revoke connect on database temporal_visibility from public;
grant connect on database tillflow to tillflow_app;
SQL
