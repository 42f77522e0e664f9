import { expect, it } from 'vitest';
import * as workflows from './index.js';

it('a worker knows every workflow by its name', () => {
  expect(Object.keys(workflows).sort()).toEqual([
    'auditProgramme',
    'auditWatched',
    'compareBatch',
    'stageWindow',
    'watchProgramme',
  ]);
});
