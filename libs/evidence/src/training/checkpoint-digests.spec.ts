import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkpointDigests, fileDigest, type DigestedCheckpoint } from './checkpoint-digests.js';

const tensor = (digest: string, bits = 12) => ({
  key: 'embed',
  digest,
  moments: { n: 1000, sum: 0, sum_squares: 1, min: -1, max: 1, zeros: 0, not_finite: 0, entropy_bits: bits },
});

function checkpoint(
  step: number,
  digest: string,
  edit: Partial<DigestedCheckpoint> = {},
): DigestedCheckpoint {
  const files = new Map([['model.safetensors', digest]]);
  return {
    step,
    path: `step-${step}`,
    present: true,
    declared: files,
    found: files,
    tensors: [tensor(digest)],
    ...edit,
  };
}

describe('checkpointDigests', () => {
  it('passes what is as committed', () => {
    expect(checkpointDigests([checkpoint(0, 'a'), checkpoint(1, 'b')]).outcome).toBe('pass');
  });

  it('fails on another file, an absent file, an undeclared file and an absent checkpoint', () => {
    const other = checkpointDigests([checkpoint(0, 'a', { found: new Map([['model.safetensors', 'x']]) })]);
    expect(other).toMatchObject({
      outcome: 'fail',
      reason: 'digests_wrong',
      findings: [{ code: 'digest-differs', value: 'x' }],
    });
    expect(checkpointDigests([checkpoint(0, 'a', { found: new Map() })]).findings[0]?.code).toBe(
      'file-absent',
    );
    const more = new Map([
      ['model.safetensors', 'a'],
      ['extra.safetensors', 'b'],
    ]);
    expect(checkpointDigests([checkpoint(0, 'a', { found: more })])).toMatchObject({
      reason: 'files_not_declared',
    });
    expect(
      checkpointDigests([checkpoint(0, 'a'), checkpoint(1, 'b', { present: false, tensors: [] })]),
    ).toMatchObject({
      reason: 'checkpoints_absent',
    });
  });

  it('finds a tensor whose content comes back after it was another, as where a branch serves the final weights', () => {
    const path = [checkpoint(0, 'final'), checkpoint(1, 'b'), checkpoint(2, 'final')];
    expect(checkpointDigests(path)).toMatchObject({
      outcome: 'fail',
      reason: 'tensors_repeated',
      findings: [{ code: 'tensor-repeated', at: 'embed, step 2', value: 'as at step 0' }],
    });
  });

  it('takes a frozen tensor, and one that says nothing', () => {
    expect(checkpointDigests([checkpoint(0, 'a'), checkpoint(1, 'a'), checkpoint(2, 'a')]).outcome).toBe(
      'pass',
    );
    const plain = ['a', 'b', 'a'].map((digest, step) =>
      checkpoint(step, digest, { tensors: [tensor(digest, 0)] }),
    );
    expect(checkpointDigests(plain).outcome).toBe('pass');
  });

  it('is not provided where nothing was committed', () => {
    const none = { declared: new Map<string, string>() };
    expect(checkpointDigests([checkpoint(0, 'a', none), checkpoint(1, 'b', none)])).toMatchObject({
      outcome: 'not_provided',
      reason: 'no-digest-declared',
    });
  });
});

describe('fileDigest', () => {
  it('is the plain SHA-256, read in pieces', async () => {
    const bytes = new Uint8Array(20_000_000).map((_, index) => index % 251);
    const reads: number[] = [];
    const source = {
      uri: 'memory:',
      size: bytes.length,
      etag: '',
      readBytes: 8 * 1024 * 1024,
      read({ start, end }: { start: number; end: number }, into: Uint8Array) {
        reads.push(end - start);
        into.set(bytes.subarray(start, end));
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    expect(await fileDigest(source)).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(Math.max(...reads)).toBe(8 * 1024 * 1024);
  });
});
