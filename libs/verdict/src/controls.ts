import { createHash } from 'node:crypto';
import type { Calibration, Component, ControlKind, ControlRecord, EvidenceRecord } from '@jokbo/contracts';
import { calibratedZ } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import {
  primariesOf,
  recordOf,
  statisticKind,
  type MeasuredModel,
  type MeasuredPair,
} from './measurements.js';
import { BLOCK_R, CLEAN_Z, REJECT_Z, SCRAMBLE_Z } from './rule-set.js';

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
}

/** Expected z of a near-copy below which a statistic is too small to be held to the positive control. */
const EXPECTED_POSITIVE_Z = 16;

/** r that a near-copy has at least. */
const NEAR_COPY_R = 0.9;

/** Rounding that r of a model with itself may show. */
const IDENTITY_TOLERANCE = 1e-9;

interface ControlCase {
  readonly pair: MeasuredPair;
  readonly component: Component;
  readonly subject: MeasuredModel;
  readonly calibration: readonly Calibration[];
  readonly measurements: ControlMeasurements;
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
    ...positiveControls(facts, primaries),
    ...primaries.map((record) => scrambleControl(facts, record)),
    identityControl(facts),
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

function negativeControl(facts: ControlCase, primary: EvidenceRecord): ControlRecord {
  const kind = statisticKind(primary.method);
  const [negative] = facts.measurements.negative.flatMap(({ model, pair }) => {
    const record = recordOf(pair.records, facts.component, primary.method);
    // Units of H and V are summed over groups, which differ with depth; of the others they are the width.
    const sameAxis = kind === 'hidden' || kind === 'value' || record?.units === primary.units;
    return record?.z == null || !sameAxis ? [] : [{ model, record }];
  });
  const broken = facts.measurements.negative.find(({ pair }) =>
    pair.records.some(
      ({ component, method, status }) =>
        component === facts.component && method === primary.method && status === 'invalid',
    ),
  );
  if (negative === undefined && broken !== undefined) {
    return controlRecord(facts, 'negative', primary.method, {
      model: broken.model,
      must: `|z_λ| < ${CLEAN_Z}`,
      z: null,
      r: null,
      passed: false,
      note: 'due, but not measured',
    });
  }
  if (negative === undefined) {
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
  const { model, record } = negative;
  const z = calibrated(facts, record);
  return controlRecord(facts, 'negative', primary.method, {
    model,
    must: `|z_λ| < ${CLEAN_Z}`,
    z,
    r: record.r,
    passed: Math.abs(z) < CLEAN_Z,
    note: null,
  });
}

function largest(values: readonly number[]): number | null {
  const [first, ...rest] = values;
  return first === undefined
    ? null
    : rest.reduce((held, next) => (Math.abs(next) > Math.abs(held) ? next : held), first);
}

function positiveControls(facts: ControlCase, primaries: readonly EvidenceRecord[]): ControlRecord[] {
  const { knownDerivative, int8 } = facts.measurements;
  return primaries.map((primary) => {
    const known =
      knownDerivative === null
        ? undefined
        : recordOf(knownDerivative.pair.records, facts.component, primary.method);
    const record = known ?? recordOf(int8.records, facts.component, primary.method);
    const model = known === undefined ? 'int8 of the subject' : (knownDerivative?.model ?? '');
    const must = `|z_λ| ≥ ${REJECT_Z} and r ≥ ${BLOCK_R}`;
    if (record?.z == null) {
      return controlRecord(facts, 'positive', primary.method, {
        model,
        must,
        z: null,
        r: null,
        passed: false,
        note: 'due, but not measured',
      });
    }
    const z = calibrated(facts, record);
    const expected = NEAR_COPY_R * Math.sqrt(record.n_eff ?? 0);
    const lambda = recordLambda(facts.calibration, record, facts.subject);
    const beyondCeiling = (record.ceiling ?? Infinity) < REJECT_Z * Math.sqrt(Math.max(1, lambda));
    if (beyondCeiling || expected < EXPECTED_POSITIVE_Z) {
      return controlRecord(facts, 'positive', primary.method, {
        model,
        must,
        z,
        r: record.r,
        passed: null,
        note: 'not due: the shapes leave too little power for it',
      });
    }
    const passed = Math.abs(z) >= REJECT_Z && (record.r ?? 0) >= BLOCK_R;
    return controlRecord(facts, 'positive', primary.method, {
      model,
      must,
      z,
      r: record.r,
      passed,
      note: null,
    });
  });
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

function identityControl(facts: ControlCase): ControlRecord {
  const record = recordOf(facts.measurements.identity.records, facts.component, 'trace');
  const base = { model: 'the subject itself', must: 'r = 1', z: record?.z ?? null, r: record?.r ?? null };
  const run = facts.measurements.identity.records.some(
    ({ component, method, status }) =>
      component === facts.component && method === 'trace' && status !== 'invalid',
  );
  if (!run) {
    return controlRecord(facts, 'identity', 'trace', {
      ...base,
      passed: false,
      note: 'due, but not measured',
    });
  }
  if (record?.r == null) {
    const note = 'not due: the component has no varying tensor on the residual axis';
    return controlRecord(facts, 'identity', 'trace', { ...base, passed: null, note });
  }
  const passed = Math.abs(record.r - 1) <= IDENTITY_TOLERANCE;
  return controlRecord(facts, 'identity', 'trace', { ...base, passed, note: null });
}
