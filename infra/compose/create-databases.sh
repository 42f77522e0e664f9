#!/bin/sh
# Runs once, on an empty volume: an own role and database for Temporal and for results, since neither may read the other's.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$POSTGRES_PASSWORD" -U postgres <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'password';
CREATE ROLE jokbo LOGIN PASSWORD :'password' CREATEROLE;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE DATABASE jokbo OWNER jokbo;
SQL
