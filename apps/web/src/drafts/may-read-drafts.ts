import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether a request brings the token: as `Bearer <token>`, or as the password of `Basic`, which a browser asks for. The
 * comparison takes the same time whatever differs.
 */
export function mayReadDrafts(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)\s*$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isSame(value, token);
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8');
      return isSame(pair.slice(pair.indexOf(':') + 1), token);
    }
    default:
      return false;
  }
}

function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
