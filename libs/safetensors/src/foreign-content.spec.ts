import { describe, expect, it } from 'vitest';
import { ruleOf } from './fixtures/rule-of.js';
import { parseHeader } from './parse-header.js';

const LFS = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n';

describe('what lies where a safetensors file should be', () => {
  it.each([
    ['empty-file', ''],
    ['truncated', 'abc'],
    ['truncated', '\x01\0\0\0\0\0\0'],
    ['lfs-pointer', LFS],
    ['not-safetensors-html', '<!DOCTYPE html><html><body>404</body></html>'],
    ['not-safetensors-html', '\xef\xbb\xbf\n  <html>\n<head></head></html>'],
    ['not-safetensors-xml', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    // A zip archive whose version and flags are 0: N is 67,324,752, within the limit.
    ['not-safetensors-zip', `PK\x03\x04\0\0\0\0${'\0'.repeat(100)}`],
    ['not-safetensors-zip', `PK\x03\x04\x14\0\x08\x08${'\0'.repeat(100)}`],
    ['not-safetensors-pickle', '\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.'],
    ['not-safetensors-pickle', '\x80\x04\x95\x10\0\0\0\0\0\0\0}.'],
    ['not-safetensors-gzip', `\x1f\x8b\x08\0\0\0\0\0\0\x03${'\0'.repeat(100)}`],
    ['not-safetensors-gguf', 'GGUF\x03\0\0\0\0\0\0\0'],
    ['not-safetensors-hdf5', '\x89HDF\r\n\x1a\n\0\0\0'],
    ['not-safetensors-json', '{"error":"Repository not found"}'],
    ['header-length', 'plain text without any sense'],
    ['first-byte', '\x02\0\0\0\0\0\0\0??'],
  ])('%s', (rule, latin1) => {
    const bytes = Buffer.from(latin1, 'latin1');
    expect(ruleOf(() => parseHeader(bytes, bytes.length, 'file'))).toBe(rule);
  });

  it('says what to do about a pointer', () => {
    expect(() => parseHeader(Buffer.from(LFS), LFS.length, 'model.safetensors')).toThrow(
      'not a safetensors file but a git-LFS pointer: the file itself was never fetched (object model.safetensors)',
    );
  });

  it('knows gzip of 559,903 bytes of N by its first bytes', () => {
    const bytes = new Uint8Array(600_000);
    bytes.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    expect(ruleOf(() => parseHeader(bytes, bytes.length, 'file'))).toBe('not-safetensors-gzip');
  });
});
