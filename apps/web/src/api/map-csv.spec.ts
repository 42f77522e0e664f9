import type { LayerMap } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { mapCsv } from './map-csv.js';

const map: LayerMap = {
  component: 'attention',
  role: 'attn.q',
  rows: 2,
  columns: 2,
  cosine: [0.9, null, 1e-7, 1],
  r: [0.1 + 0.2, null, -0.25, 0],
  z: [9, null, -1e21, 4],
  diagonal_z: null,
  diagonal_log10_p: null,
};

it('writes every cell with the numbers of its layers, and nothing for one that is undefined', () => {
  expect(mapCsv({ ...map, row_layers: [3, 4] })).toBe(
    [
      'row_layer,column_layer,cosine,r,z',
      '3,0,0.9,0.30000000000000004,9',
      '3,1,,,',
      '4,0,1e-7,-0.25,-1e+21',
      '4,1,1,0,4',
      '',
    ].join('\r\n'),
  );
});
