import { describe, expect, it } from 'vitest';
import { logLine } from './structured-log.js';

describe('logLine', () => {
  const entry = { level: 'INFO', message: 'done', timestampNanos: 1_700_000_000_123_456_789n } as const;

  it('names what it is about', () => {
    const meta = { activityId: '7', attempt: 2, workflowId: 'audit/a' };
    expect(logLine({ ...entry, meta })).toEqual({
      time: '2023-11-14T22:13:20.123Z',
      level: 'info',
      message: 'done',
      ...meta,
    });
  });

  it('leaves out arguments, options and whatever else may hold a secret', () => {
    const meta = {
      options: { apiKey: 'hidden' },
      args: ['hidden'],
      env: { AWS_SECRET_ACCESS_KEY: 'hidden' },
    };
    expect(JSON.stringify(logLine({ ...entry, meta }))).not.toContain('hidden');
  });

  it('shows name and message of an error, and no stack', () => {
    const line = logLine({ ...entry, meta: { error: new RangeError('no plan') } });
    expect(line['error']).toBe('RangeError: no plan');
  });
});
