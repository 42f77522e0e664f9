import { readFileSync } from 'node:fs';

/** Version of the command: that of its package, which lies above `src` and `dist` alike. */
export function commandVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
