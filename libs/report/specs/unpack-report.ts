import { inflateRawSync } from 'node:zlib';
import { ALPHABET } from '../src/html/base85.js';
import type { PackedMap } from '../src/html/pack-map.js';

/** The inverse of base 85, by the arithmetic of big integers. */
export function fromBase85(text: string): Buffer {
  const groups = text.match(/.{1,5}/gs) ?? [];
  return Buffer.concat(
    groups.map((group) => {
      const digits = group
        .padEnd(5, ALPHABET.at(-1))
        .split('')
        .map((digit) => BigInt(ALPHABET.indexOf(digit)));
      const value = digits.reduce((sum, digit) => sum * 85n + digit, 0n);
      return Buffer.from(value.toString(16).padStart(8, '0').slice(-8), 'hex').subarray(0, group.length - 1);
    }),
  );
}

/** What a report embeds. */
export interface EmbeddedData {
  readonly language: string;
  readonly dictionary: string;
  readonly parts: readonly string[];
  readonly maps: Readonly<Record<string, PackedMap>>;
}

/** The data that a report embeds. */
export function embeddedData(report: string): EmbeddedData {
  const match = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(report);
  return JSON.parse(match?.[1] ?? '') as EmbeddedData;
}

/** A page without what its script and its data hold. */
export function withoutScripts(page: string): string {
  return page.replace(/<script[^>]*>.*?<\/script>/gs, '');
}

/** A report with the content of every pair in its place, as after "open all pairs". */
export function unpackedReport(report: string): string {
  const { dictionary, parts } = embeddedData(report);
  const common = inflateRawSync(fromBase85(dictionary));
  return report.replace(/<div class="part" data-part="(\d+)">.*?<\/div>/gs, (_, part: string) =>
    inflateRawSync(fromBase85(parts[Number(part)] ?? ''), { dictionary: common }).toString(),
  );
}
