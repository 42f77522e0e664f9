import { LARGEST_HTML, renderHtml } from '@jokbo/report';
import { fleetDocument } from '@jokbo/tools';
import { expect, it } from 'vitest';
import { keptZoo } from './kept-zoo.js';

/** Milliseconds that packing may take where many processes share few cores. */
const LIMIT_MS = 300_000;

it(
  'a report of 9 releases against 30 references holds every map and stays below 5 MB',
  () => {
    const document = fleetDocument(keptZoo());
    const maps = document.pairs.flatMap((pair) => pair.maps);
    expect(document.pairs).toHaveLength(270);
    expect(maps.reduce((sum, { r }) => sum + r.length, 0)).toBeGreaterThan(4_300_000);
    const html = renderHtml(document);
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(LARGEST_HTML);
    const data = /id="data">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    const embedded = JSON.parse(data) as { maps: Record<string, unknown> };
    expect(Object.keys(embedded.maps)).toHaveLength(maps.length);
  },
  LIMIT_MS,
);
