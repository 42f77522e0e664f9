import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { expect, it } from 'vitest';
import { lastingFailure } from './lasting-failure.js';

/** An error of a child workflow around what ended it. */
const around = (cause: Error): Error =>
  new Error('the child failed', { cause: new Error('its activity', { cause }) });

it('keeps what would fail again', () => {
  const failure = ApplicationFailure.nonRetryable('no header (object a)', 'MalformedCheckpoint');
  expect(lastingFailure(around(failure))).toBe('MalformedCheckpoint: no header (object a)');
  expect(lastingFailure(around(new CancelledFailure('stopped')))).toBe('the audit was cancelled');
  const long = ApplicationFailure.nonRetryable('x'.repeat(5_000), 'UsageError');
  expect(lastingFailure(around(long))).toHaveLength(1_000);
});

it('keeps nothing that time may cure', () => {
  const away = ApplicationFailure.nonRetryable('no answer', 'StorageUnavailable');
  expect(lastingFailure(around(away)), 'an audit ends with it for good').toBeNull();
  const parts = 'exa: MalformedCheckpoint: bad; llama: StorageUnavailable: no answer';
  expect(lastingFailure(around(ApplicationFailure.nonRetryable(parts, 'AuditIncomplete')))).toBeNull();
  expect(lastingFailure(around(ApplicationFailure.retryable('no answer', 'StorageUnavailable')))).toBeNull();
  expect(lastingFailure(new Error('terminated'))).toBeNull();
  expect(lastingFailure('what is no error')).toBeNull();
});
