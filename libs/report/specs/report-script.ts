import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import type { PackedMap } from '../src/html/pack-map.js';

/** Functions of the page's own script, as it is shipped. */
export interface ReportScript {
  readonly unpackMap: (map: PackedMap) => Promise<Record<'cosine' | 'r' | 'z', (number | null)[]>>;
  readonly unpackText: (packed: string, dictionary: Uint8Array) => Promise<string>;
  readonly inflate: (parts: readonly Uint8Array[]) => Promise<Uint8Array>;
}

export function reportScriptFunctions(): ReportScript {
  const source = readFileSync(new URL('../browser/data.js', import.meta.url), 'utf8');
  return runInNewContext(`${source}\n({ unpackMap, unpackText, inflate })`, {
    document: { getElementById: () => ({ textContent: '{}' }) },
    location: { hash: '' },
    atob,
    Blob,
    DecompressionStream,
    Response,
    TextDecoder,
    Uint8Array,
    URLSearchParams,
  }) as ReportScript;
}
