import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { tensorOf, type Model } from '../model/model.js';
import { EMBEDDING } from '../model/names.js';
import { readModel } from '../model/read-model.js';
import { copyGroup, copyRows } from './copy-rows.js';

const zoo = (path: string): Promise<Model> =>
  readModel(fileURLToPath(new URL(`../../../../test/zoo/${path}`, import.meta.url)));

let carrier: Model;
let source: Model;
beforeAll(async () => {
  carrier = await zoo('refs/llama-mini-s1');
  source = await zoo('refs/llama-mini-s0');
});

/** Share of a tensor's elements that are those of the source, and of the carrier. */
function shares(made: Model, name: string): readonly [number, number] {
  const { values } = tensorOf(made, name);
  return [source, carrier].map((model) => {
    const own = tensorOf(model, name).values;
    return values.filter((value, at) => value === own[at]).length / values.length;
  }) as [number, number];
}

describe('copyRows', () => {
  it('takes the rows that are named, and no others', () => {
    const made = copyRows(carrier, source, EMBEDDING, [0, 7]);
    const [taken, kept] = shares(made, EMBEDDING);
    expect(taken).toBeGreaterThanOrEqual(2 / 512);
    expect(kept).toBeGreaterThan(1 - 3 / 512);
    expect(tensorOf(made, EMBEDDING).values.slice(7 * 128, 8 * 128)).toEqual(
      tensorOf(source, EMBEDDING).values.slice(7 * 128, 8 * 128),
    );
  });

  it('refuses matrices of other shapes', async () => {
    const other = await zoo('refs/qwen-vl-mini');
    expect(() => copyRows(carrier, other, EMBEDDING, [0])).toThrow(RangeError);
  });
});

describe('copyGroup', () => {
  it.each(['q', 'k', 'v', 'o'])('takes half of %s where there are two groups', (role) => {
    const made = copyGroup(carrier, source, 0);
    const [taken, kept] = shares(made, `model.layers.2.self_attn.${role}_proj.weight`);
    expect(taken).toBeGreaterThanOrEqual(0.5);
    expect(taken).toBeLessThan(0.52);
    expect(kept).toBeLessThan(0.52);
  });
});
