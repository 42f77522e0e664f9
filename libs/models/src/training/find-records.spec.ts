import { describe, expect, it } from 'vitest';
import { findRecords, runIdOf } from './find-records.js';

const listing = (paths: readonly string[]) => paths.map((path) => ({ path, size: 1, etag: '' }));

describe('findRecords', () => {
  it('finds records by name, and checkpoints by the number in their folder', () => {
    const found = findRecords(
      listing([
        'checkpoints/step-100/config.json',
        'checkpoints/step-100/model.safetensors',
        'checkpoints/step-20/config.json',
        'checkpoints/step-20/wandb-history.jsonl',
        'checkpoints/latest/config.json',
        'training.json',
        'wandb/offline-run-1/run-abc.wandb',
        'wandb/offline-run-1/files/wandb-history.jsonl',
        'dump/history.jsonl',
        'wandb/other.wandb',
      ]),
    );
    expect(found).toEqual({
      trainingJson: true,
      wandb: ['wandb/offline-run-1/run-abc.wandb'],
      histories: ['wandb/offline-run-1/files/wandb-history.jsonl', 'dump/history.jsonl'],
      checkpoints: [
        { step: 20, path: 'checkpoints/step-20' },
        { step: 100, path: 'checkpoints/step-100' },
      ],
    });
    expect(runIdOf('wandb/offline-run-1/run-abc.wandb')).toBe('abc');
  });

  it('finds nothing in a plain release', () => {
    expect(findRecords(listing(['config.json', 'model.safetensors']))).toEqual({
      trainingJson: false,
      wandb: [],
      histories: [],
      checkpoints: [],
    });
  });
});
