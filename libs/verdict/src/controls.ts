import { createHash } from 'node:crypto';
import type {
  Calibration,
  Component,
  ControlKind,
  ControlRecord,
  EvidenceRecord,
  Method,
  RuleThresholds,
} from '@jokbo/contracts';
import { calibratedZ } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import { primariesOf, recordOf, traceOf, type MeasuredModel, type MeasuredPair } from './measurements.js';
import { SCRAMBLE_Z } from './rule-set.js';
import { rowName } from './upcycled-row.js';

/** Measurements that serve as controls of one pair. */
export interface ControlMeasurements {
  /** Reference × models that are documented independent of it, in order of preference. */
  readonly negative: readonly { readonly model: string; readonly pair: MeasuredPair }[];
  /** A declared derivative of the reference × the reference; null where none was declared. */
  readonly knownDerivative: { readonly model: string; readonly pair: MeasuredPair } | null;
  /** The subject × itself rounded to 8-bit integers. */
  readonly int8: MeasuredPair;
  /** The subject × itself. */
  readonly identity: MeasuredPair;
  /** Comparisons that were due as controls and could not be made; absent where there is none. */
  readonly failed?: FailedControls;
}

/** Controls that were due and could not be measured, as they would have been named. */
export interface FailedControls {
  readonly negative: readonly string[];
  readonly knownDerivative: string | null;
}

/** Rounding that r of a model with itself may show. */
const IDENTITY_TOLERANCE = 1e-9;

const NOT_MEASURED = 'due, but not measured';
const SAMPLED_DIFFERENTLY = 'due, but sampled differently';

interface ControlCase {
  readonly pair: MeasuredPair;
  readonly component: Component;
  readonly subject: MeasuredModel;
  readonly calibration: readonly Calibration[];
  readonly measurements: ControlMeasurements;
  readonly rules: RuleThresholds;
}

/**
 * Evaluates every control that is due for one component of one pair. A control that was due and is missing has
 * `passed: false`: controls fail closed.
 */
export function evaluateControls(facts: ControlCase): ControlRecord[] {
  const primaries = primariesOf(facts.pair.records, facts.component);
  if (primaries.length === 0) return [];
  return [
    ...primaries.map((record) => negativeControl(facts, record)),
    ...primaries.map((record) => positiveControl(facts, record)),
    ...primaries.map((record) => scrambleControl(facts, record)),
    identityControl(facts, primaries),
  ];
}

function controlRecord(
  facts: ControlCase,
  kind: ControlKind,
  method: string,
  rest: Omit<ControlRecord, 'id' | 'kind' | 'component' | 'method'>,
): ControlRecord {
  const text = ['control-1', facts.pair.subject, facts.pair.reference, facts.component, kind, method].join(
    '|',
  );
  const id = `co-${createHash('sha256').update(text).digest('hex').slice(0, 20)}`;
  return { id, kind, component: facts.component, method, ...rest };
}

function calibrated(facts: ControlCase, record: EvidenceRecord): number {
  return calibratedZ(record.z ?? 0, recordLambda(facts.calibration, record, facts.subject));
}

/** Statistics whose groups are permuted each by itself. */
const OVER_GROUPS: readonly Method[] = ['hidden_gram', 'value_gram', 'hidden_trace'];

/** The same statistic of the same component; where experts are held against a dense MLP, on whichever side they are. */
function isSameTest(record: EvidenceRecord, primary: EvidenceRecord): boolean {
  const row = rowName(primary);
  return (
    record.method === primary.method &&
    rowName(record) === row &&
    (row !== null || record.component === primary.component)
  );
}

function negativeControl(facts: ControlCase, primary: EvidenceRecord): ControlRecord {
  const candidates = facts.measurements.negative.flatMap(({ model, pair }) => {
    const record = pair.records.find((other) => other.status === 'measured' && isSameTest(other, primary));
    // Units that are summed over groups differ with depth; of other statistics they are the width.
    const sameAxis = OVER_GROUPS.includes(primary.method) || record?.units === primary.units;
    return record?.z == null || !sameAxis ? [] : [{ model, record }];
  });
  const negative = candidates.find(({ record }) => record.mode === primary.mode);
  if (negative !== undefined) {
    const { model, record } = negative;
    const z = calibrated(facts, record);
    return controlRecord(facts, 'negative', primary.method, {
      model,
      must: `|z_λ| < ${facts.rules.clean_z}`,
      z,
      r: record.r,
      passed: Math.abs(z) < facts.rules.clean_z,
      note: null,
    });
  }
  const broken = facts.measurements.negative.find(({ pair }) =>
    pair.records.some((record) => record.status === 'invalid' && isSameTest(record, primary)),
  );
  // Whether it would have had the component at this width is not known: it counts as due.
  const unread = (facts.measurements.failed?.negative ?? []).map((model) => ({ model }));
  const [due] = [...candidates, ...(broken === undefined ? [] : [broken]), ...unread];
  return due === undefined
    ? scrambledOnly(facts, primary)
    : controlRecord(facts, 'negative', primary.method, {
        model: due.model,
        must: `|z_λ| < ${facts.rules.clean_z}`,
        z: null,
        r: null,
        passed: false,
        note: candidates.length > 0 ? SAMPLED_DIFFERENTLY : NOT_MEASURED,
      });
}

/** Draws from the exact null stand in where no documented-independent model has the component at this width. */
function scrambledOnly(facts: ControlCase, primary: EvidenceRecord): ControlRecord {
  const worst = largest(primary.scrambles);
  return controlRecord(facts, 'negative', primary.method, {
    model: `${primary.scrambles.length} scrambles of the reference`,
    must: `|z| < ${SCRAMBLE_Z}`,
    z: worst,
    r: null,
    passed: worst !== null && Math.abs(worst) < SCRAMBLE_Z,
    note: 'scrambled only: no documented-independent model of this width has this component',
  });
}

function largest(values: readonly number[]): number | null {
  const [first, ...rest] = values;
  return first === undefined
    ? null
    : rest.reduce((held, next) => (Math.abs(next) > Math.abs(held) ? next : held), first);
}

function positiveControl(facts: ControlCase, primary: EvidenceRecord): ControlRecord {
  const { knownDerivative, int8, failed } = facts.measurements;
  const must = `|z_λ| ≥ ${facts.rules.reject_z} and r ≥ ${facts.rules.block_r}`;
  if (failed?.knownDerivative != null) {
    const model = failed.knownDerivative;
    const rest = { model, must, z: null, r: null, passed: false, note: NOT_MEASURED };
    return controlRecord(facts, 'positive', primary.method, rest);
  }
  const known =
    knownDerivative === null
      ? undefined
      : knownDerivative.pair.records.find(
          (other) => other.status === 'measured' && isSameTest(other, primary),
        );
  const record = known ?? recordOf(int8.records, facts.component, primary.method);
  const base = {
    model: known === undefined ? 'int8 of the subject' : (knownDerivative?.model ?? ''),
    must,
    r: record?.r ?? null,
  };
  if (record?.z == null || record.mode !== primary.mode) {
    const note = record?.z == null ? NOT_MEASURED : SAMPLED_DIFFERENTLY;
    return controlRecord(facts, 'positive', primary.method, { ...base, z: null, passed: false, note });
  }
  const z = calibrated(facts, record);
  const lambda = recordLambda(facts.calibration, record, facts.subject);
  if ((record.ceiling ?? Infinity) < facts.rules.reject_z * Math.sqrt(Math.max(1, lambda))) {
    const note = 'not due: the shapes do not allow a decision';
    return controlRecord(facts, 'positive', primary.method, { ...base, z, passed: null, note });
  }
  const passed = Math.abs(z) >= facts.rules.reject_z && (record.r ?? 0) >= facts.rules.block_r;
  return controlRecord(facts, 'positive', primary.method, { ...base, z, passed, note: null });
}

function scrambleControl(facts: ControlCase, primary: EvidenceRecord): ControlRecord {
  const [z] = primary.scrambles;
  return controlRecord(facts, 'self_scramble', primary.method, {
    model: 'the reference, units permuted by a fixed seed',
    must: `|z| < ${SCRAMBLE_Z}`,
    z: z ?? null,
    r: null,
    passed: z !== undefined && Math.abs(z) < SCRAMBLE_Z,
    note: null,
  });
}

function identityControl(facts: ControlCase, primaries: readonly EvidenceRecord[]): ControlRecord {
  const record = traceOf(facts.measurements.identity.records, facts.component);
  const method = record?.method ?? 'trace';
  const base = { model: 'the subject itself', must: 'r = 1', z: record?.z ?? null, r: record?.r ?? null };
  const run = facts.measurements.identity.records.some(
    ({ component, method, status }) =>
      component === facts.component && method === 'trace' && status !== 'invalid',
  );
  if (!run) {
    return controlRecord(facts, 'identity', method, {
      ...base,
      passed: false,
      note: NOT_MEASURED,
    });
  }
  if (record?.r == null) {
    const note = 'not due: the component has no varying tensor on the residual axis';
    return controlRecord(facts, 'identity', method, { ...base, passed: null, note });
  }
  if (primaries.some(({ mode }) => mode !== record.mode)) {
    return controlRecord(facts, 'identity', method, { ...base, passed: false, note: SAMPLED_DIFFERENTLY });
  }
  const passed = Math.abs(record.r - 1) <= IDENTITY_TOLERANCE;
  return controlRecord(facts, 'identity', method, { ...base, passed, note: null });
}
