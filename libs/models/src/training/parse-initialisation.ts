import type { Json } from '@jokbo/contracts';
import {
  asObject,
  listMember,
  numberMember,
  objectMember,
  textMember,
  wrongField,
  type RecordObject,
} from './record-field.js';
import type { DeclaredInitialisation, InitialLaw } from './training-record.js';

/** Most roles with a law of their own; the rules know fewer than a hundred. */
const MAX_ROLES = 256;

/** Largest standard deviation, bound or constant of an initialisation. */
const LARGEST_SCALE = 1e6;

/**
 * Reads `init`: `distribution` (normal by default) with `std` or `bound` for matrices, `std_residual_out` for o and
 * down, `norms`, `biases` and `e_score_correction_bias` as `ones`, `zeros` or a number, and `roles` with a law of
 * their own. `scheme` names the formula that makes the values from the seed.
 *
 * @throws MalformedTrainingRecord `field`.
 */
export function parseInitialisation(init: RecordObject): DeclaredInitialisation {
  const matrices = parseLaw(init);
  const residualStd = numberMember(init, 'std_residual_out', 0, LARGEST_SCALE);
  const roles = new Map<string, InitialLaw>();
  const declared = objectMember(init, 'roles');
  const names = Object.keys(declared?.members ?? {});
  if (declared === null || names.length > MAX_ROLES) {
    if (declared !== null) throw wrongField(init, 'roles', `at most ${MAX_ROLES} roles`, names.length);
  } else {
    for (const role of names) {
      const value = declared.members[role] ?? null;
      const law =
        typeof value === 'object' ? parseLaw(asObject(value, declared, role)) : constantLaw(declared, role);
      if (law === null) throw wrongField(declared, role, 'a law with std, bound or a constant', value);
      roles.set(role, law);
    }
  }
  return {
    scheme: textMember(init, 'scheme'),
    matrices,
    residualOut: residualStd === null || matrices === null ? matrices : rescaled(matrices, residualStd, init),
    norms: constantLaw(init, 'norms'),
    biases: constantLaw(init, 'biases'),
    correctionBiases: constantLaw(init, 'e_score_correction_bias'),
    roles,
    testVector: parseTestVector(objectMember(init, 'test_vector')),
  };
}

/** The law that an object with `distribution`, `std`, `cutoff`, `bound` states; null where it states none. */
function parseLaw(parent: RecordObject): InitialLaw | null {
  const kind = textMember(parent, 'distribution') ?? 'normal';
  const std = numberMember(parent, 'std', 0, LARGEST_SCALE);
  const bound = numberMember(parent, 'bound', 0, LARGEST_SCALE);
  if (kind === 'uniform') return bound === null ? null : { kind, bound };
  if (kind !== 'normal' && kind !== 'truncated_normal') {
    throw wrongField(parent, 'distribution', '"normal", "truncated_normal" or "uniform"', kind);
  }
  if (std === null) return null;
  if (kind === 'normal') return { kind, std };
  const cutoff = numberMember(parent, 'cutoff', 0.1, 100);
  if (cutoff === null) throw wrongField(parent, 'cutoff', 'a number from 0.1 to 100', null);
  return { kind, std, cutoff };
}

function rescaled(law: InitialLaw, std: number, parent: RecordObject): InitialLaw {
  if (law.kind === 'normal' || law.kind === 'truncated_normal') return { ...law, std };
  throw wrongField(parent, 'std_residual_out', 'absent where matrices are not normal', std);
}

function constantLaw(parent: RecordObject, key: string): InitialLaw | null {
  const value: Json = parent.members[key] ?? null;
  if (value === null) return null;
  if (value === 'ones') return { kind: 'constant', value: 1 };
  if (value === 'zeros') return { kind: 'constant', value: 0 };
  if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'constant', value };
  throw wrongField(parent, key, '"ones", "zeros" or a number', value);
}

/** Most numbers of a test vector; four settle a formula. */
const MAX_TEST_VECTOR = 65_536;

function parseTestVector(vector: RecordObject | null): DeclaredInitialisation['testVector'] {
  if (vector === null) return null;
  const tensor = textMember(vector, 'tensor');
  const values = listMember(vector, 'unit_normals', MAX_TEST_VECTOR);
  if (tensor === null || values.length === 0) return null;
  const unitNormals = values.map((value) => {
    if (typeof value === 'number') return value;
    throw wrongField(vector, 'unit_normals', 'a list of numbers', value);
  });
  return { tensor, unitNormals };
}
