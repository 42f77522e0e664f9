import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedTrainingRecord } from '@jokbo/contracts';
import { parseTrainingRecord } from './parse-training-record.js';

const FILE = fileURLToPath(new URL('../../../../test/zoo/teams/a/open-mini/training.json', import.meta.url));
const parse = (json: unknown) =>
  parseTrainingRecord(Buffer.from(JSON.stringify(json)), 'memory:training.json');
const DIGEST = 'a'.repeat(64);

describe('parseTrainingRecord', () => {
  it('reads a real record', () => {
    const record = parseTrainingRecord(readFileSync(FILE), FILE);
    expect(record).toMatchObject({
      seed: '20250801',
      runId: 'opnm1n25',
      totalSteps: 400,
      totalTokens: 409_600,
      batchTokens: 1024,
      hardware: null,
      optimiser: { name: 'AdamW', beta1: 0.9, beta2: 0.95, weightDecay: 0.1 },
      schedule: { peakLr: 0.003, warmupSteps: 20 },
    });
    expect(record.init).toMatchObject({
      scheme: 'portable-normal-v1',
      matrices: { kind: 'normal', std: 0.02 },
      norms: { kind: 'constant', value: 1 },
      correctionBiases: { kind: 'constant', value: 0 },
      biases: null,
    });
    expect(record.checkpoints.map(({ step, path }) => [step, path])).toEqual([
      [0, 'checkpoints/step-0'],
      [50, 'checkpoints/step-50'],
      [100, 'checkpoints/step-100'],
      [200, 'checkpoints/step-200'],
      [400, '.'],
    ]);
    expect(record.checkpoints.at(-1)?.files.size).toBe(3);
  });

  it('reads every kind of law', () => {
    const { init } = parse({
      init: {
        distribution: 'truncated_normal',
        std: 0.02,
        cutoff: 3,
        std_residual_out: 0.01,
        biases: 'zeros',
        norms: 0.5,
        roles: {
          'moe.router': { std: 0.006 },
          embed: { distribution: 'uniform', bound: 0.1 },
          'attn.q.bias': 'zeros',
        },
      },
    });
    expect(init?.matrices).toEqual({ kind: 'truncated_normal', std: 0.02, cutoff: 3 });
    expect(init?.residualOut).toEqual({ kind: 'truncated_normal', std: 0.01, cutoff: 3 });
    expect(init?.norms).toEqual({ kind: 'constant', value: 0.5 });
    expect([...(init?.roles ?? [])]).toEqual([
      ['moe.router', { kind: 'normal', std: 0.006 }],
      ['embed', { kind: 'uniform', bound: 0.1 }],
      ['attn.q.bias', { kind: 'constant', value: 0 }],
    ]);
  });

  it('takes a seed of 64 bits as text, and refuses one that f64 has rounded', () => {
    expect(parse({ seed: '18446744073709551615' }).seed).toBe('18446744073709551615');
    expect(() => parse({ seed: '18446744073709551616' })).toThrow(MalformedTrainingRecord);
    expect(() => parseTrainingRecord(Buffer.from('{"seed":9007199254740993}'), 'x')).toThrow(
      MalformedTrainingRecord,
    );
  });

  it('takes a record that says nothing that it knows', () => {
    expect(parse({ note: 'free text', extra: [1, { a: null }] })).toMatchObject({
      init: null,
      checkpoints: [],
    });
  });

  it.each([
    ['field', [], 'training.json must be an object'],
    ['field', { total_steps: 1.5 }, 'total_steps'],
    ['field', { total_steps: '400' }, 'total_steps'],
    ['field', { init: { std: -1 } }, 'init.std'],
    ['field', { init: { std: 'small' } }, 'init.std'],
    ['field', { init: { distribution: 'cauchy', std: 1 } }, 'init.distribution'],
    ['field', { init: { distribution: 'truncated_normal', std: 1 } }, 'init.cutoff'],
    ['field', { init: { norms: 'some' } }, 'init.norms'],
    ['field', { init: { roles: { embed: {} } } }, 'init.roles.embed'],
    ['field', { optimizer: { name: 'AdamW', betas: [0.9, 1] } }, 'optimizer.betas'],
    ['field', { schedule: { name: 'x', peak_lr: -1 } }, 'schedule.peak_lr'],
    ['field', { checkpoints: [{ step: 0 }] }, 'checkpoints[0].path'],
    ['field', { checkpoints: [{ path: 'a' }] }, 'checkpoints[0].step'],
    [
      'field',
      { checkpoints: [{ step: 0, path: 'a', files_sha256: { m: 'zz' } }] },
      'checkpoints[0].files_sha256.m',
    ],
    ['path', { checkpoints: [{ step: 0, path: '../other' }] }, 'below the folder'],
    ['path', { checkpoints: [{ step: 0, path: '/etc' }] }, 'below the folder'],
    ['path', { checkpoints: [{ step: 0, path: 'a', files_sha256: { '../m': DIGEST } }] }, 'below the folder'],
    [
      'order',
      {
        checkpoints: [
          { step: 1, path: 'a' },
          { step: 1, path: 'b' },
        ],
      },
      'steps must rise',
    ],
    [
      'order',
      {
        checkpoints: [
          { step: 1, path: 'a' },
          { step: 2, path: 'a' },
        ],
      },
      'paths differ',
    ],
    [
      'field',
      { checkpoints: Array.from({ length: 5000 }, (_, step) => ({ step, path: `c${step}` })) },
      'checkpoints',
    ],
  ])('refuses what breaks rule $0: $2', (rule, json, message) => {
    expect(() => parse(json)).toThrow(message);
    expect(() => parse(json)).toThrow(expect.objectContaining({ rule, object: 'memory:training.json' }));
  });

  it.each(['{', '{"a":1}{', '\u0000', '['.repeat(1000), '{"a":1,"a":2}'])('refuses text %j', (text) => {
    expect(() => parseTrainingRecord(Buffer.from(text), 'memory:training.json')).toThrow(
      expect.objectContaining({ rule: 'json' }),
    );
  });

  it('gives a record or a typed error for any JSON', () => {
    const keys = fc.constantFrom(
      'seed',
      'init',
      'optimizer',
      'schedule',
      'checkpoints',
      'hardware',
      'std',
      'step',
      'path',
      'name',
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small' },
        fc.constant(null),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(keys, tie('json'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, json), (record) => {
        try {
          expect(parse(record).object).toBe('memory:training.json');
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedTrainingRecord);
        }
      }),
    );
  });
});
