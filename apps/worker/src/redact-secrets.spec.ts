import { describe, expect, it } from 'vitest';
import { secretRedactor } from './redact-secrets.js';

const ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'AKIAEXAMPLEKEY',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG',
  AWS_SESSION_TOKEN: 'short',
  DATABASE_URL: 'postgres://owner:p%40ssword!@db:5432/jokbo',
  HF_TOKEN: 'hf_AbCdEf',
  TEMPORAL_API_KEY: 'eyJhbGciOi',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20token',
  HOME: '/home/jokbo',
};

const redact = secretRedactor(ENVIRONMENT);

describe('secretRedactor', () => {
  it.each([
    ['key AKIAEXAMPLEKEY is unknown', 'key *** is unknown'],
    ['signed with wJalrXUtnFEMI/K7MDENG twice: wJalrXUtnFEMI/K7MDENG', 'signed with *** twice: ***'],
    ['cannot reach postgres://owner:p%40ssword!@db:5432/jokbo', 'cannot reach ***'],
    ['password "p%40ssword!", sent as "p@ssword!"', 'password "***", sent as "***"'],
    ['token eyJhbGciOi', 'token ***'],
    ['Bearer hf_AbCdEf', 'Bearer ***'],
    ['authorization=Bearer%20token', '***'],
  ])('takes the values of the environment out of %j', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('takes user and password out of any URL', () => {
    expect(redact('http://a:b@host/path?x=1 and s3://bucket/key@2')).toBe(
      'http://***@host/path?x=1 and s3://bucket/key@2',
    );
    expect(redact('redis://:p@ss@host')).toBe('redis://***@host');
  });

  it('leaves words and other variables alone', () => {
    expect(redact('a short line of /home/jokbo')).toBe('a short line of /home/jokbo');
  });

  it('does without an environment', () => {
    expect(secretRedactor({ DATABASE_URL: 'not a URL' })('text')).toBe('text');
    expect(secretRedactor({ DATABASE_URL: 'postgres://o:100%@h/d' })('100% done')).toBe('100% done');
  });
});
