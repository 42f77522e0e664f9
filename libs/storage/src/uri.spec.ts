import { MalformedCheckpoint, UsageError } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinUri, parseUri, splitUri } from './uri.js';

describe('parseUri', () => {
  it('reads paths, file URIs and S3 URIs', () => {
    expect(parseUri('/data/a model')).toEqual({ scheme: 'file', folder: '/data/a model' });
    expect(parseUri('relative/x')).toEqual({ scheme: 'file', folder: `${process.cwd()}/relative/x` });
    expect(parseUri('file:///data/a%20model/')).toEqual({ scheme: 'file', folder: '/data/a model' });
    expect(parseUri('s3://models')).toEqual({ scheme: 's3', bucket: 'models', prefix: '' });
    expect(parseUri('s3://models/a%20b/c/')).toEqual({ scheme: 's3', bucket: 'models', prefix: 'a%20b/c' });
  });

  it.each([
    '',
    'https://host/x',
    's3://',
    's3:///x',
    's3://b/x',
    's3://bucket/a//b',
    's3://bucket/../x',
    'a\0',
  ])('refuses %j', (uri) => {
    expect(() => parseUri(uri)).toThrow(UsageError);
  });

  it('refuses a file URI of another machine', () => {
    expect(() => parseUri('file://elsewhere/x')).toThrow(UsageError);
  });
});

describe('joinUri and splitUri', () => {
  it('are inverse for every name', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
      .filter((text) => !/[/\0]/.test(text) && text !== '.' && text !== '..');
    fc.assert(
      fc.property(
        name,
        fc.constantFrom('s3://bucket', 's3://bucket/a/b', 'file:///data/x', 'file:///'),
        (path, store) => {
          expect(splitUri(joinUri(store, path))).toEqual({ store, path });
        },
      ),
    );
  });

  it('refuse a URI that names no object, and a path that leaves the store', () => {
    expect(() => splitUri('s3://bucket')).toThrow(UsageError);
    expect(() => splitUri('file:///')).toThrow(UsageError);
    expect(() => joinUri('file:///data', '../etc')).toThrow(MalformedCheckpoint);
  });
});
