import { MalformedCheckpoint, UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { errorText } from './error-text.js';

describe('errorText', () => {
  it('is one line that names the object, the tensor and the value', () => {
    const error = new MalformedCheckpoint('rule', 'bad offsets\n  here', {
      object: 'a',
      tensor: 'q',
      value: 7,
    });
    expect(errorText(error, false)).toBe(
      'jokbo: MalformedCheckpoint: bad offsets | here (object a, tensor "q", value 7)\n',
    );
  });

  it('shows the causes and stacks when asked to', () => {
    const error = new UsageError('outer', { cause: new Error('inner', { cause: new Error('innermost') }) });
    const text = errorText(error, true);
    expect(text).toMatch(/^jokbo: UsageError: outer\n\s+at /);
    expect(text).toMatch(/\ncaused by Error: inner\n\s+at [^]*\ncaused by Error: innermost\n/);
  });

  it('shows the stack of an error that nobody foresaw', () => {
    expect(errorText(new TypeError('x is undefined'), false)).toMatch(
      /^jokbo: TypeError: x is undefined\n\s+at /,
    );
    expect(errorText('just text', false)).toBe('jokbo: just text\n');
  });

  it('lets no name of a file or tensor steer the terminal', () => {
    const text = errorText(new UsageError('no', { object: '\u001b[2Jevil\u202e' }), false);
    expect(text).toBe('jokbo: UsageError: no (object \\u{1b}[2Jevil\\u{202e})\n');
  });

  it('ends at a chain of causes that is a loop', () => {
    const error: Error & { cause?: unknown } = new Error('round');
    error.cause = error;
    expect(errorText(error, true).match(/caused by/g)).toHaveLength(10);
  });
});
