import { UsageError } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolveRoot, resolveSource } from './resolve-source.js';

const roots = {
  here: '.',
  beside: '../models',
  disk: '/data/models/',
  uri: 'file:///data/with%20space',
  bucket: 's3://team-bucket/releases',
  whole: 's3://team-bucket',
};
const FILE = 'file:///srv/audit/programme.yaml';
const S3 = 's3://audits/2026/programme.yaml';

function resolved(source: string, programme = FILE): string {
  return resolveSource({ roots }, source, programme);
}

describe('resolveSource', () => {
  it.each([
    ['here:teams/a', 'file:///srv/audit/teams/a'],
    ['here:', 'file:///srv/audit'],
    ['here:.', 'file:///srv/audit'],
    ['here:a//b/./c/../d/', 'file:///srv/audit/a/b/d'],
    ['here:a b#c%20', 'file:///srv/audit/a%20b%23c%2520'],
    ['beside:x', 'file:///srv/models/x'],
    ['disk:x', 'file:///data/models/x'],
    ['uri:x', 'file:///data/with%20space/x'],
    ['bucket:a/b', 's3://team-bucket/releases/a/b'],
    ['bucket:', 's3://team-bucket/releases'],
    ['whole:a', 's3://team-bucket/a'],
    ['teams/a', 'file:///srv/audit/teams/a'],
    ['./teams/a', 'file:///srv/audit/teams/a'],
    ['./here:a', 'file:///srv/audit/here:a'],
    ['teams/a:b', 'file:///srv/audit/teams/a:b'],
    ['/data/x', 'file:///data/x'],
    ['/data/../x/', 'file:///x'],
    ['file:///data/x/', 'file:///data/x'],
    ['FILE:///data/x', 'file:///data/x'],
    ['s3://b-1/k/l', 's3://b-1/k/l'],
    ['C:/models/a b', 'file:///C:/models/a%20b'],
    ['c:\\models\\a', 'file:///c:/models/a'],
  ])('%s', (source, uri) => {
    expect(resolved(source)).toBe(uri);
  });

  it.each([
    ['here:teams/a', 's3://audits/2026/teams/a'],
    ['beside:x', 's3://audits/models/x'],
    ['teams/a', 's3://audits/2026/teams/a'],
    ['disk:x', 'file:///data/models/x'],
  ])('%s in a programme file in a bucket', (source, uri) => {
    expect(resolved(source, S3)).toBe(uri);
  });

  it('finds the folder of a programme file at the top of a bucket', () => {
    expect(resolved('here:a', 's3://audits/programme.yaml')).toBe('s3://audits/a');
  });

  it.each([
    ['here:../x', 'leads out of its root'],
    ['here:a/../../x', 'leads out of its root'],
    ['here:..', 'leads out of its root'],
    ['bucket:../x', 'leads out of its root'],
    ['whole:../x', 'leads out of its root'],
    ['../x', 'leads out of its root'],
    ['here:/etc', 'does not start with "/"'],
    ['here:~/x', '"~" is not expanded'],
    ['~/x', '"~" is not expanded'],
    ['here:..\\x', 'written with "/"'],
    ['a\\b', 'written with "/"'],
    ['\\\\server\\share', 'written with "/"'],
    ['C:models', 'absolute, as in C:/models'],
    ['C:', 'absolute, as in C:/models'],
    ['her:x', 'no storage root "her" (did you mean "here"?)'],
    ['nothing-like-it:x', 'no storage root "nothing-like-it"'],
    ['toString:x', 'no storage root "toString"'],
    ['http://host/x', 'Only paths, file://, s3:// and hub://'],
    ['file://host/x', 'file:///absolute/path'],
    ['file:///a?b', 'no "?" or "#"'],
    ['s3://b', 's3://bucket/prefix'],
    ['s3://bucket/a/../b', 'no empty, "." or ".." segment'],
    ['here:a\0b', 'no NUL'],
    [`here:${'가'.repeat(400)}`, 'at most 1024 bytes'],
  ])('refuses %s', (source, reason) => {
    expect(() => resolved(source)).toThrow(UsageError);
    expect(() => resolved(source)).toThrow(reason);
  });

  it('never leaves the folder or bucket of a root', () => {
    const parts = fc.array(fc.constantFrom('..', '.', '', 'a', '가', '%2e%2e', '..a', ' '), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.constantFrom('here', 'disk', 'bucket', 'whole'), (path, root) => {
        const home = resolved(`${root}:`);
        try {
          const uri = resolved(`${root}:${path.join('/')}`);
          expect(uri === home || uri.startsWith(`${home}/`), uri).toBe(true);
          expect(uri.slice(home.length)).not.toMatch(/\/\.\.?(\/|$)/);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
        }
      }),
      { seed: 7 },
    );
  });
});

describe('resolveRoot', () => {
  it.each([
    ['here:x', FILE, 'cannot be named by another root'],
    ['../../x', S3, 'leads out of its bucket'],
    ['~/models', FILE, '"~" is not expanded'],
    ['gs://bucket', FILE, 'Only paths, file://, s3:// and hub://'],
  ])('refuses %s in %s', (root, programme, reason) => {
    expect(() => resolveRoot(root, programme)).toThrow(UsageError);
    expect(() => resolveRoot(root, programme)).toThrow(reason);
  });

  it('may be a bucket itself', () => {
    expect(resolveRoot('..', S3)).toBe('s3://audits');
    expect(resolveRoot('.', 's3://audits/p.yaml')).toBe('s3://audits');
  });
});
