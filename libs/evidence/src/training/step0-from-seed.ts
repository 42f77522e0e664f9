import type { Checkpoint, ObjectStore, TrainingTest } from '@jokbo/contracts';
import type { DeclaredInitialisation, InitialLaw } from '@jokbo/models';
import { decodeF64, elementCount } from '@jokbo/safetensors';
import { declaredLaw } from './declared-law.js';
import { SEED_FORMULAS, type UnitValues } from './seed-formulas.js';
import { mappedTensors, openElements, type ElementRuns } from './stored-elements.js';
import { context, createFindings, judged, limited, notProvided } from './training-test.js';

/** Elements that are made again of a whole checkpoint: minutes of one core. Of larger ones runs spread evenly. */
const MAX_ELEMENTS = 2 ** 30;

/** Elements of one run where not all are made again; of every tensor at least one run. */
const RUN_ELEMENTS = 65_536;

/** Largest relative difference of a unit normal from the declared test vector: rounding of log and cos. */
const VECTOR_TOLERANCE = 1e-12;

export interface SeedInputs {
  readonly checkpoint: Checkpoint;
  readonly store: ObjectStore;
  readonly seed: string | null;
  readonly init: DeclaredInitialisation | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes step 0 again from the declared seed and formula, and compares bit by bit after rounding to f32 and to the
 * stored type. Excludes a start that was crafted. A 16-bit value is exact; log and cos may differ in the last place
 * between libraries, so F32 may differ by one unit in the last place.
 */
export async function step0FromSeed(inputs: SeedInputs): Promise<TrainingTest> {
  const { checkpoint, store, seed, init, signal } = inputs;
  const test = 'step0_from_seed';
  if (init?.scheme == null || seed === null) return notProvided(test, 'seed-or-formula-not-declared');
  const formula = SEED_FORMULAS.get(init.scheme);
  if (formula === undefined) {
    const unknown = createFindings();
    unknown.add('unknown-formula', null, init.scheme.slice(0, 80));
    return notProvided(test, 'formula-unknown', [], unknown);
  }
  const findings = createFindings();
  const reader = openElements(checkpoint, store, signal);
  let checked = 0;
  let different = 0;
  let firstDifferent: string | null = null;
  let unmade = 0;
  const tensors = mappedTensors(checkpoint);
  const elements = tensors.reduce((sum, { stored }) => sum + elementCount(stored.shape), 0);
  const runs = runsOf(elements);
  try {
    for (const { stored, parts } of tensors) {
      const size = elementCount(stored.shape);
      const laws = parts.map((part) => declaredLaw(init, part));
      const [law = null] = laws;
      const values = elementsOf(law, formula(seed, stored.name));
      const round = ROUNDING.get(stored.dtype);
      const same = laws.every((other) => JSON.stringify(other) === JSON.stringify(law));
      if (values === null || round === undefined || !same) {
        unmade += size;
        findings.add('not-made-again', stored.name, size);
        continue;
      }
      let wrong = 0;
      for await (const { first, view } of reader.pieces(stored, runs)) {
        const held = decodeF64(view);
        checked += held.length;
        for (let index = 0; index < held.length; index += 1) {
          if (!round(held[index] ?? Number.NaN, values(first + index))) wrong += 1;
        }
      }
      if (wrong === 0) continue;
      different += wrong;
      firstDifferent ??= stored.name;
      findings.add('differs-from-seed', stored.name, wrong);
    }
  } finally {
    await reader.close();
  }
  const vector = init.testVector;
  const figures = [
    limited('elements_different', checked === 0 ? null : different, 'at_most', 0, firstDifferent),
    limited('elements_not_made_again', checked === 0 ? null : unmade, 'at_most', 0),
    limited(
      'test_vector_difference',
      vector === null ? null : vectorDifference(formula(seed, vector.tensor), vector.unitNormals),
      'at_most',
      VECTOR_TOLERANCE,
      vector?.tensor ?? null,
    ),
    context('elements_checked', checked),
    context('elements', elements),
  ];
  return judged(test, figures, findings, 'no-element-can-be-made-again');
}

/** Which elements are made again: all, or runs that come to {@link MAX_ELEMENTS}. */
function runsOf(total: number): ElementRuns | undefined {
  if (total <= MAX_ELEMENTS) return undefined;
  return { length: RUN_ELEMENTS, stride: RUN_ELEMENTS * Math.ceil(total / MAX_ELEMENTS) };
}

/** Values of a tensor in f64 before rounding; null where the law is not one that formulas make. */
function elementsOf(law: InitialLaw | null, unit: UnitValues): UnitValues | null {
  if (law === null) return null;
  if (law.kind === 'constant') return () => law.value;
  if (law.kind !== 'normal') return null;
  return (element) => unit(element) * law.std;
}

/** Whether a stored value is what an f64 value rounds to, by stored type. */
const ROUNDING: ReadonlyMap<string, (stored: number, value: number) => boolean> = new Map([
  ['BF16', (stored: number, value: number) => stored === toBf16(Math.fround(value))],
  ['F32', (stored: number, value: number) => nearlyF32(stored, Math.fround(value))],
]);

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Round to nearest, ties to even. */
function toBf16(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  bits[0] = ((word + 0x7fff + ((word >>> 16) & 1)) & 0xffff_0000) >>> 0;
  return float[0];
}

function nearlyF32(stored: number, value: number): boolean {
  return stored === value || Math.abs(stored - value) <= Math.abs(value) * 2 ** -23;
}

/** Largest difference from a declared test vector, relative to 1 and to the value. */
function vectorDifference(unit: UnitValues, expected: readonly number[]): number {
  return expected.reduce(
    (most, value, element) => Math.max(most, Math.abs(unit(element) - value) / Math.max(1, Math.abs(value))),
    0,
  );
}
