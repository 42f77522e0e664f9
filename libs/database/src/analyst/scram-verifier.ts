import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';

/** What Postgres itself uses (RFC 7677). */
const ITERATIONS = 4096;
const KEY_BYTES = 32;

/** What Postgres stores for a password under SCRAM-SHA-256, so that the password itself is in no statement and no log. */
export function scramVerifier(password: string, salt: Uint8Array): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const key = (name: string): Buffer => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  const server = key('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${Buffer.from(salt).toString('base64')}$${stored}:${server}`;
}
