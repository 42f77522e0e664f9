import * as contracts from '@jokbo/contracts';
import { MalformedCheckpoint, ObjectChanged, StorageUnavailable } from '@jokbo/contracts';
import { reviveError, type ErrorMessage } from '@jokbo/fingerprint';
import { describe, expect, it } from 'vitest';
import { activityFailure } from './activity-failure.js';

describe('activityFailure', () => {
  it.each([
    [new StorageUnavailable('away'), true],
    [new contracts.StorageFull('full'), true],
    [new contracts.DatabaseUnavailable('away'), true],
    [new contracts.DigestMismatch('damaged'), true],
    [new MalformedCheckpoint('duplicate-key', 'twice'), false],
    [new ObjectChanged('other'), false],
    [new contracts.UnsupportedDtype('F4'), false],
    [new contracts.AccessDenied('no'), false],
    [new contracts.UsageError('wrong'), false],
    [new RangeError('no plan'), false],
    ['a text', false],
  ])('tries %s again: %s', (error, again) => {
    expect(activityFailure(error).nonRetryable).toBe(!again);
  });

  it('comes back as the error that was thrown, without its stack', () => {
    const error = new MalformedCheckpoint('values', 'not a number', { object: 's3://a/b', tensor: 'w' });
    const { type, message, details } = activityFailure(error);
    const [described] = details as [ErrorMessage];
    expect([type, message, described.stack]).toEqual(['MalformedCheckpoint', error.message, null]);
    const revived = reviveError(described);
    expect(revived).toBeInstanceOf(MalformedCheckpoint);
    expect(revived).toMatchObject({ rule: 'values', message: error.message });
  });

  it('keeps a message that is too long for a history short', () => {
    const { message, details } = activityFailure(new StorageUnavailable('x'.repeat(100_000)));
    expect(Buffer.byteLength(JSON.stringify([message, details]))).toBeLessThan(4096);
  });
});
