import type { EvidenceReference, MeasuredBackend, NamedBackend } from '@jokbo/contracts';

const WASM: NamedBackend = { name: 'wasm', numeric_class: 'f64' };
const TENSORFLOW: NamedBackend = { name: 'tensorflow', numeric_class: 'tf-f32' };

/**
 * What measured the comparisons of a result: one backend, and where another one did some of them, which. Workers of a fleet
 * differ in what they have.
 */
export function measuredBackend(evidence: readonly EvidenceReference[]): MeasuredBackend {
  // Self-tests multiply nothing on a backend.
  const measured = evidence.filter(({ comparison }) => comparison.kind !== 'self');
  const inTensorflow = measured.filter(({ numericClass }) => numericClass === 'tf-f32');
  const inWasm = measured.filter(({ numericClass }) => numericClass !== 'tf-f32');
  const mostly = inTensorflow.length > inWasm.length ? TENSORFLOW : WASM;
  const others = mostly === WASM ? inTensorflow : inWasm;
  if (others.length === 0) return mostly;
  const comparisons = others.map(({ comparison: { kind, subject, reference, mode } }) => ({
    ...{ kind, subject, reference, mode },
  }));
  return { ...mostly, other: { ...(mostly === WASM ? TENSORFLOW : WASM), comparisons } };
}
