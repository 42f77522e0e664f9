import { DatabaseUnavailable } from '@jokbo/contracts';
import { createHmac, randomBytes } from 'node:crypto';
import pg from 'pg';
import { rootMessage, sqlState } from '../sql-state.js';
import { scramVerifier } from './scram-verifier.js';

/** The role that reads the views of `report_v1` and nothing else. */
export const ANALYST_ROLE = 'analyst_ro';

/** Advisory lock of whoever gives the role its password. */
const PASSWORD_LOCK = 5_108_003;
const SALT_BYTES = 16;
const CONNECT_TIMEOUT_MS = 10_000;
/** invalid_password, invalid_authorization_specification: also of a role that may not log in. */
const REFUSALS: readonly string[] = ['28P01', '28000'];

/**
 * Connection string of `analyst_ro` for a database that was migrated. A session of its own is the only safe way to
 * run an analyst's statement: after SET ROLE, `set_config` within the statement would give the owner's rights back.
 *
 * The role gets its password once, when it may not log in yet: derived from the owner's, so that every process
 * that knows the one knows the other, and nothing more has to be kept. A password that somebody else gave it stays.
 *
 * @param ownerUrl connection string of a role that may alter `analyst_ro`, or of `analyst_ro` itself.
 * @throws DatabaseUnavailable when the role has another password, or none can be derived.
 */
export async function analystUrl(ownerUrl: string): Promise<string> {
  const owner = newClient(ownerUrl);
  try {
    await owner.connect();
    if (owner.user === ANALYST_ROLE) return ownerUrl;
    const url = urlFor(ownerUrl, passwordFor(owner.password));
    if (await canLogIn(url)) return url;
    await owner.query('select pg_advisory_lock($1)', [PASSWORD_LOCK]);
    const { rows } = await owner.query<{ login: boolean }>(
      'select rolcanlogin as login from pg_roles where rolname = $1',
      [ANALYST_ROLE],
    );
    if (rows[0]?.login === false) {
      const verifier = scramVerifier(passwordFor(owner.password), randomBytes(SALT_BYTES));
      await owner.query(`alter role ${ANALYST_ROLE} login password '${verifier}'`);
    }
    if (await canLogIn(url)) return url;
    throw new DatabaseUnavailable(
      `${ANALYST_ROLE} has a password of its own: give its connection string in JOKBO_ANALYST_URL`,
    );
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw error;
    throw new DatabaseUnavailable(`cannot log in as ${ANALYST_ROLE}: ${rootMessage(error)}`, {
      cause: error,
    });
  } finally {
    await owner.end();
  }
}

function passwordFor(secret: string | null | undefined): string {
  if (secret === undefined || secret === null || secret === '') {
    throw new DatabaseUnavailable(
      `the database has no password from which that of ${ANALYST_ROLE} could be derived: ` +
        'give its connection string in JOKBO_ANALYST_URL',
    );
  }
  return createHmac('sha256', secret).update(`jokbo ${ANALYST_ROLE}`).digest('hex');
}

function urlFor(ownerUrl: string, password: string): string {
  const url = new URL(ownerUrl);
  url.username = ANALYST_ROLE;
  url.password = password;
  if (url.username !== ANALYST_ROLE) {
    throw new DatabaseUnavailable(
      `the database is not named by host and port: give the connection string of ${ANALYST_ROLE} in JOKBO_ANALYST_URL`,
    );
  }
  return url.href;
}

async function canLogIn(url: string): Promise<boolean> {
  const client = newClient(url);
  try {
    await client.connect();
    return true;
  } catch (error) {
    const state = sqlState(error);
    if (state !== null && REFUSALS.includes(state)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

function newClient(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: 'jokbo analyst',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A lost connection fails the query in progress; without a listener it would end the process as well.
  client.on('error', () => undefined);
  return client;
}
