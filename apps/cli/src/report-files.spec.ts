import { UsageError } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { belowWork, databaseFolder, reportFolder, slug } from './report-files.js';

describe('slug', () => {
  it('makes a folder name of a name in any script', () => {
    expect(slug('독파모 2차 평가 (2026)')).toBe('독파모-2차-평가-2026');
    expect(slug('../../etc/passwd')).toBe('etc-passwd');
    expect(slug('  !!! ')).toBe('programme');
    expect(slug('a'.repeat(59) + ' bc')).toBe('a'.repeat(59));
  });
});

describe('folders', () => {
  it('lie below the work folder, wherever that is', () => {
    expect(belowWork('.jokbo/', 'out')).toBe('.jokbo/out');
    expect(belowWork('/', 'out')).toBe('//out');
    expect(belowWork('s3://bucket/work', 'out')).toBe('s3://bucket/work/out');
    expect(reportFolder(undefined, 'w', 'My Programme')).toBe('w/out/my-programme');
    expect(reportFolder('site', 'w', 'My Programme')).toBe('site');
  });

  it('of a database are never in a bucket', () => {
    expect(databaseFolder('/data/')).toBe('/data/postgres');
    expect(() => databaseFolder('s3://bucket/work')).toThrow(UsageError);
  });
});
