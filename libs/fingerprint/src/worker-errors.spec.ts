import * as contracts from '@jokbo/contracts';
import {
  JokboError,
  MalformedCheckpoint,
  MalformedTrainingRecord,
  ObjectMissing,
  UsageError,
} from '@jokbo/contracts';
import { KernelFailed } from '@jokbo/kernels';
import { describe, expect, it } from 'vitest';
import { describeError, reviveError } from './worker-errors.js';

const crossed = (error: unknown): Error => reviveError(structuredClone(describeError(error)));

type ErrorClass = new (message: string, context?: contracts.ErrorContext) => JokboError;

/** The error classes that name a rule. */
const RULED: readonly unknown[] = [MalformedCheckpoint, MalformedTrainingRecord];

/** Every other error class of the contracts; a new one must cross threads too. */
const CLASSES = Object.values<unknown>(contracts).filter(
  (value): value is ErrorClass =>
    typeof value === 'function' && value.prototype instanceof JokboError && !RULED.includes(value),
);

describe('an error that crosses threads', () => {
  it.each([...CLASSES, KernelFailed].map((type) => [type.name, type] as const))('stays a %s', (_, type) => {
    const error = new type('it went wrong', {
      object: 'file:///a',
      tensor: 'w',
      value: 3,
      cause: new Error('below'),
    });
    const again = crossed(error);
    expect(again).toBeInstanceOf(type);
    const { name, message, object, tensor, value } = error;
    expect(again).toMatchObject({ name, message, object, tensor, value });
    expect(message).toBe('it went wrong (object file:///a, tensor "w", value 3)');
    expect((again.cause as Error).stack).toBe(error.stack);
  });

  it.each([MalformedCheckpoint, MalformedTrainingRecord])('keeps the rule that was broken: %o', (type) => {
    const again = crossed(new type('scales', '3 scales for 2 × 2 blocks', { tensor: 'w' }));
    expect(again).toBeInstanceOf(type);
    expect(again).toMatchObject({
      rule: 'scales',
      tensor: 'w',
      object: undefined,
      message: '3 scales for 2 × 2 blocks (tensor "w")',
    });
  });

  it('is not made a typed one when nobody foresaw it', () => {
    const again = crossed(new TypeError('x is not a function'));
    expect(again).not.toBeInstanceOf(JokboError);
    expect(again).toMatchObject({ name: 'TypeError', message: 'x is not a function' });
    expect(crossed('a string')).toMatchObject({ name: 'Error', message: 'a string' });
  });

  it('covers all classes', () => {
    expect(CLASSES.length).toBeGreaterThanOrEqual(10);
    expect(CLASSES).toEqual(expect.arrayContaining([ObjectMissing, UsageError]));
  });
});
