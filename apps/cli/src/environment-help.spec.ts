import { S3_VARIABLES } from '@jokbo/storage';
import { expect, it } from 'vitest';
import { ENVIRONMENT_HELP } from './environment-help.js';

it('the help names every setting of S3 with its standard value', () => {
  for (const { name, standard } of S3_VARIABLES) {
    expect(ENVIRONMENT_HELP).toMatch(new RegExp(`^  ${name} .*\\(${standard}\\)$`, 'm'));
  }
});
