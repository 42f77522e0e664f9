import { VERSION } from '@jokbo/activities';
import { expect, it } from 'vitest';
import { commandVersion } from './version.js';

it('the command has the version that results name', () => {
  expect(commandVersion()).toBe(VERSION);
});
