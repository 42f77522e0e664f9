import { DatabaseUnavailable, DigestMismatch, ObjectMissing } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { NotFound, problemOf } from './problem.js';

const SECRET = 'postgres://owner:secret@host/jokbo';

describe('problemOf', () => {
  it.each([
    [new NotFound('the result has no such pair'), 404, 'the result has no such pair'],
    [new ObjectMissing('no published result', { object: SECRET }), 404, 'there is no such result'],
    [new DatabaseUnavailable(SECRET), 503, 'the result database cannot be read'],
    [new DigestMismatch(SECRET), 500, 'the request could not be answered'],
    [new TypeError(SECRET), 500, 'the request could not be answered'],
    [
      Object.assign(new Error('querystring/limit must be <= 200'), { statusCode: 400 }),
      400,
      'querystring/limit must be <= 200',
    ],
    [Object.assign(new Error(SECRET), { statusCode: 503 }), 503, 'the answer took too long'],
  ])('%s', (error, status, detail) => {
    expect(problemOf(error)).toEqual({ status, detail });
  });
});
