import { describe, expect, it } from 'vitest';
import { mayReadDrafts } from './may-read-drafts.js';

const TOKEN = '0123456789abcdef0123456789abcdef';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('mayReadDrafts', () => {
  it.each([
    `Bearer ${TOKEN}`,
    `bearer  ${TOKEN}`,
    basic(`:${TOKEN}`),
    basic(`committee:${TOKEN}`),
    basic(TOKEN),
  ])('takes %s', (authorization) => expect(mayReadDrafts(authorization, TOKEN)).toBe(true));

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    TOKEN,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${TOKEN.toUpperCase()}`,
    `Digest ${TOKEN}`,
    basic(`${TOKEN}:`),
    basic(':'),
    'Basic %%%',
    `Bearer ${'x'.repeat(4096)}`,
  ])('refuses %s', (authorization) => expect(mayReadDrafts(authorization, TOKEN)).toBe(false));
});
