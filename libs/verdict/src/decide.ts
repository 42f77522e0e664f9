import {
  COMPONENTS,
  POSITIVE_VERDICTS,
  resultSentence,
  type Calibration,
  type Component,
  type ComponentVerdict,
  type FailureCause,
  type PairVerdict,
  type RuleThresholds,
  type VerdictReason,
} from '@jokbo/contracts';
import { calibratedZ, holm, log10PTwoSided } from '@jokbo/statistics';
import { recordLambda } from './calibrate.js';
import { judgePrimaries, type ComponentCase } from './component-case.js';
import { componentVerdict } from './component-verdict.js';
import { evaluateControls, type ControlMeasurements } from './controls.js';
import type { PairDisguise } from './disguise-evidence.js';
import { failedComponentVerdict } from './failed-pair.js';
import { nameCopiedComponents } from './induced-dependence.js';
import { primariesOf, type MeasuredModel, type MeasuredPair } from './measurements.js';
import { isTraceKind, rollUp } from './roll-up.js';

/** One pair to be decided, with its controls. */
export interface PairToDecide {
  readonly pair: MeasuredPair;
  readonly controls: ControlMeasurements;
  /** Components for which the team declared this reference as ancestry; empty = all, null = not declared. */
  readonly declared: readonly string[] | null;
  /** @default null, not measured */
  readonly disguise?: PairDisguise;
  /** Components whose comparison failed for good, and why. @default none */
  readonly failed?: ReadonlyMap<Component, Pick<FailureCause, 'code' | 'message'>>;
}

export interface DecideInput {
  readonly models: ReadonlyMap<string, MeasuredModel>;
  readonly pairs: readonly PairToDecide[];
  readonly calibration: readonly Calibration[];
  readonly rules: RuleThresholds;
  /** Whether a component is clean only after disguise tests. */
  readonly tier3: 'waived' | 'required';
}

/**
 * Verdicts of all pairs of an audit: a pure function of evidence, controls, calibration and rules, re-runnable
 * without weights. p is adjusted after Holm (1979) over every primary of every pair.
 *
 * @throws RangeError when a pair names a model that is not among `models`.
 */
export function decideAudit(input: DecideInput): PairVerdict[] {
  const adjusted = adjustedP(input);
  return input.pairs.map((entry) => decidePair(entry, input, adjusted));
}

function adjustedP(input: DecideInput): Map<string, number> {
  const ids: string[] = [];
  const log10P: number[] = [];
  for (const { pair } of input.pairs) {
    const model = input.models.get(pair.subject);
    for (const component of COMPONENTS) {
      for (const record of primariesOf(pair.records, component)) {
        if (record.z === null) continue;
        ids.push(record.id);
        log10P.push(log10PTwoSided(calibratedZ(record.z, recordLambda(input.calibration, record, model))));
      }
    }
  }
  const adjusted = holm(log10P);
  return new Map(ids.map((id, index) => [id, adjusted[index] ?? 0]));
}

function decidePair(
  entry: PairToDecide,
  input: DecideInput,
  adjusted: ReadonlyMap<string, number>,
): PairVerdict {
  const { pair, failed = new Map<Component, never>() } = entry;
  const subject = modelOf(input, pair.subject);
  const reference = modelOf(input, pair.reference);
  const present = COMPONENTS.filter((component) => subject.components[component] !== undefined);
  const cases = present
    .filter((component) => !failed.has(component))
    .map((component): ComponentCase => ({
      component,
      pair,
      subject,
      reference,
      calibration: input.calibration,
      adjusted,
      controls: evaluateControls({
        pair,
        component,
        subject,
        calibration: input.calibration,
        measurements: entry.controls,
        rules: input.rules,
      }),
      rules: input.rules,
      tier3: input.tier3,
      disguise: entry.disguise ?? null,
    }));
  const measured = nameCopiedComponents(cases.map(componentVerdict));
  const components = present.flatMap((component) => {
    const cause = failed.get(component);
    return cause === undefined
      ? measured.filter((own) => own.component === component)
      : [failedComponentVerdict(subject, component, cause)];
  });
  const rejecting = new Set<Component>(
    cases
      .filter((facts) =>
        judgePrimaries(facts).some(({ record, rejects }) => rejects && isTraceKind(record.method)),
      )
      .map(({ component }) => component),
  );
  const mappedShare = Math.min(subject.mappedShare, reference.mappedShare);
  const rejected = (component: Component): boolean => rejecting.has(component);
  const rolled = rollUp(components, pair, input.rules, rejected, mappedShare);
  return {
    subject: pair.subject,
    reference: pair.reference,
    verdict: rolled.verdict,
    declared: coversPositives(entry.declared, components),
    comparable_share: rolled.comparableShare,
    linked_share: rolled.linkedShare,
    components,
    controls: cases.flatMap(({ controls }) => controls),
    reasons: [
      ...rolled.reasons,
      // A component that is not known may need it.
      ...(entry.disguise === 'not_needed' && failed.size === 0 ? [NOT_NEEDED] : []),
    ],
  };
}

const NOT_NEEDED: VerdictReason = {
  code: 'tier3-not-needed',
  records: [],
  ...resultSentence('reason_tier3_pair_not_needed', {}),
};

/** A declaration counts where it covers every component that turns out positive. */
function coversPositives(
  declared: readonly string[] | null,
  components: readonly ComponentVerdict[],
): boolean {
  if (declared === null) return false;
  const positive = components.filter(({ verdict }) => POSITIVE_VERDICTS.includes(verdict));
  return declared.length === 0 || positive.every(({ component }) => declared.includes(component));
}

function modelOf(input: DecideInput, id: string): MeasuredModel {
  const model = input.models.get(id);
  if (model === undefined) throw new RangeError(`no measurements of model ${id}`);
  return model;
}
