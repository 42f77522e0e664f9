-- A role is of the whole server: another database of it may have made this one already, or be making it now.
DO $$
begin
  if exists (select from pg_roles where rolname = 'analyst_ro') then return; end if;
  create role analyst_ro nologin nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls connection limit 32;
  alter role analyst_ro set default_transaction_read_only = on;
  alter role analyst_ro set statement_timeout = '30s';
  alter role analyst_ro set idle_in_transaction_session_timeout = '60s';
  alter role analyst_ro set search_path = report_v1;
  if (select rolsuper from pg_roles where rolname = current_user) then
    alter role analyst_ro set temp_file_limit = '2GB';
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'the role analyst_ro is missing, and % may not create roles: let an administrator create it', current_user
      using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
GRANT USAGE ON SCHEMA report_v1 TO analyst_ro;
--> statement-breakpoint
GRANT SELECT ON ALL TABLES IN SCHEMA report_v1 TO analyst_ro;
--> statement-breakpoint
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA report_v1 TO analyst_ro;
--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA report_v1 GRANT SELECT ON TABLES TO analyst_ro;
--> statement-breakpoint
-- What every role may do by default, and a reader of views has no use for: temporary tables; and, where this role may take
-- it away, code blocks and functions that wait, lock, write or end sessions.
DO $$
declare
  name text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  if not (select rolsuper from pg_roles where rolname = current_user) then return; end if;
  revoke usage on language plpgsql from public;
  for name in
    select oid::regprocedure::text from pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and prokind = 'f'
      and proname ~ '^(pg_sleep|pg_(try_)?advisory_|lo_|loread$|lowrite$|pg_notify$|pg_logical_emit_message$|pg_(terminate|cancel)_backend$)'
  loop
    execute format('revoke execute on function %s from public', name);
  end loop;
end
$$;
