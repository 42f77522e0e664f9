/** Variables whose values no log, metric or trace may hold. */
const SECRETS = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'DATABASE_URL',
  'HF_TOKEN',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
];

/** Shorter values are words: taking them out would garble every text. */
const LEAST_LENGTH = 6;

/** User and password of a URL, as far as the last `@` before its path. */
const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/)[^\s/]*@/gi;

const HIDDEN = '***';

/**
 * Takes secrets out of texts: the values of the variables that hold some, the password of the database, and user and
 * password of any URL. Errors of others may quote them.
 */
export function secretRedactor(environment: NodeJS.ProcessEnv): (text: string) => string {
  const values = SECRETS.flatMap((name) => environment[name] ?? []);
  const password = passwordOf(environment['DATABASE_URL'] ?? '');
  const secrets = [...values, ...password]
    .filter(({ length }) => length >= LEAST_LENGTH)
    // One that holds another goes first.
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((clean, secret) => clean.replaceAll(secret, HIDDEN), text)
      .replace(CREDENTIALS, `$1${HIDDEN}@`);
}

/** As it stands in the URL, and as it is sent. */
function passwordOf(url: string): string[] {
  const { password } = URL.canParse(url) ? new URL(url) : { password: '' };
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    // A stray percent sign: nothing else is sent.
    return [password];
  }
}
