import { describe, expect, it } from 'vitest';
import { untracedTensors } from './untraced-tensors.js';

const block = (key: string, z: number | null) => ({
  key,
  reference_key: key,
  z,
  r: 0.1,
  parameters: 1,
  identical: false,
});
const expert = (number: number, z: number) => block(`text|1|moe.expert.up|${number}|weight`, z);

describe('untracedTensors', () => {
  it('finds the one expert that shows no trace among those that do', () => {
    const blocks = [expert(0, 31), expert(1, 24), expert(2, -1.5), expert(3, 18)];
    expect(untracedTensors(blocks)).toEqual(['text|1|moe.expert.up|2|weight']);
  });

  it('finds them where most of a role was put in from elsewhere', () => {
    expect(untracedTensors([expert(0, 31), expert(1, 0.3), expert(2, -1.5), expert(3, 2)])).toHaveLength(3);
  });

  it('takes a role that training has nearly forgotten as a whole, and does not mix roles', () => {
    const down = (number: number, z: number) => block(`text|1|moe.expert.down|${number}|weight`, z);
    expect(untracedTensors([down(0, 12), down(1, 3.8), down(2, 7), expert(0, 30)])).toEqual([]);
    expect(untracedTensors([block('text|-|embed|-|weight', null), expert(0, 30)])).toEqual([]);
  });
});
