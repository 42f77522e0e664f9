import type { ComparisonKind, EvidenceReference } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { measuredBackend } from './measured-backend.js';

function evidence(kind: ComparisonKind, reference: string, inTensorflow: boolean): EvidenceReference {
  return {
    comparison: { kind, subject: 's', reference, mode: 'sampled' },
    ...{ evidence: 'e', needsFull: false, needsDisguise: false },
    ...(inTensorflow ? { numericClass: 'tf-f32' } : {}),
  };
}

describe('measuredBackend', () => {
  it('is one backend where all comparisons are of one class', () => {
    expect(measuredBackend([evidence('audit', 'r', false)])).toEqual({ name: 'wasm', numeric_class: 'f64' });
    // Self-tests run on no backend.
    expect(measuredBackend([evidence('self', 's', false), evidence('audit', 'r', true)])).toEqual({
      ...{ name: 'tensorflow', numeric_class: 'tf-f32' },
    });
    expect(measuredBackend([])).toEqual({ name: 'wasm', numeric_class: 'f64' });
  });

  it('names the comparisons that the other backend measured', () => {
    const all = [
      evidence('audit', 'r', true),
      evidence('calibration', 'q', false),
      evidence('audit', 'q', true),
    ];
    expect(measuredBackend(all)).toEqual({
      ...{ name: 'tensorflow', numeric_class: 'tf-f32' },
      other: {
        ...{ name: 'wasm', numeric_class: 'f64' },
        comparisons: [{ kind: 'calibration', subject: 's', reference: 'q', mode: 'sampled' }],
      },
    });
  });
});
