import { expect, it } from 'vitest';
import { closeAll } from './close-all.js';

it('ends everything, the last first, though something cannot be ended', async () => {
  const ended: string[] = [];
  const end = (name: string) => () => Promise.resolve(ended.push(name));
  const error = new Error('it does not end');
  const ending = closeAll([end('first'), () => Promise.reject(error), end('last')]);
  await expect(ending).rejects.toMatchObject({ errors: [error] });
  expect(ended).toEqual(['last', 'first']);
});
