import type { Component, TensorBackend } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { presentComponents, type CompareOptions } from './compare-models.js';
import { heldAgainst } from './dense-and-experts.js';
import { keepHiddenGramGroup } from './hidden-gram.js';
import { keepHiddenTraceGroup } from './hidden-trace.js';
import { comparedAxes, hiddenUnitsDecide, orderedStreams } from './ordered-streams.js';
import { componentTensors } from './paired-tensors.js';
import { keepResidualGramGroup } from './residual-gram.js';
import { keepRowIdentityGroup } from './row-identity.js';
import { tensorGroups } from './tensor-groups.js';
import { keepTraceGroup } from './trace.js';
import { unmeasurableTensors } from './unmeasurable.js';
import { keepValueIdentityGroup } from './value-identity.js';

/** Components with residual Grams, and with hidden units. */
const WITH_GRAMS: readonly Component[] = ['attention', 'mlp', 'router', 'experts'];
const WITH_HIDDEN_UNITS: readonly Component[] = ['mlp', 'experts'];
const WITH_HIDDEN_GRAM: readonly Component[] = [...WITH_HIDDEN_UNITS, 'vision', 'audio'];

/** Which group of tensors of a component is looked at. */
export interface LookedAt {
  readonly component: Component;
  readonly group: number;
}

/**
 * Groups of tensors that the larger of two models has of a component, as `compareModels` cuts it over all elements.
 *
 * @returns 1 where one measurement does, 0 where the models do not share the component.
 */
export function countGroups(
  subject: Parameters<typeof presentComponents>[0],
  reference: Parameters<typeof presentComponents>[0],
  component: Component,
  groupParameters?: number,
): number {
  const against = heldAgainst(component, presentComponents(reference));
  if (against === null) return 0;
  return Math.max(
    tensorGroups(subject, component, groupParameters).length,
    tensorGroups(reference, against, groupParameters).length,
  );
}

/**
 * Makes what one group of tensors gives to the evidence of its component over all elements, and keeps it in
 * `options.partials`, where `compareModels` with the same options finds it. A share of that comparison: memory is that of
 * one pair of tensors, one units × units sum and the caches of the two models.
 *
 * Cut are the trace, the residual and the hidden Gram, the hidden trace, and equal values and rows, which read every
 * element. Not cut is what reads a bounded choice (matched units, the start split), what only a component that rejects has
 * (maps of layers and experts, experts matched by their routers), as it is not known before the sums are, and the value
 * Gram. `compareModels` measures these.
 */
export async function keepGroup(
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  { component, group }: LookedAt,
  options: CompareOptions,
): Promise<void> {
  const against = heldAgainst(component, presentComponents(reference));
  if (against === null || componentTensors(subject, component).length === 0) return;
  const { identityOnly, primariesOnly, traceOnly, hiddenTrace, signal, partials, groupParameters } = options;
  const isRow = against !== component;
  const { comparison, onResidualAxis } = comparedAxes(
    {
      ...{ component, subject, reference, backend, identityOnly, signal, partials, groupParameters, group },
      ...(isRow ? { against } : {}),
    },
    orderedStreams(subject, reference),
    options.sameModel,
  );
  if (unmeasurableTensors(comparison).length > 0) return;
  const [grams, hidden] = [WITH_GRAMS.includes(component), WITH_HIDDEN_UNITS.includes(component)];
  if (!isRow) await keepTraceGroup(onResidualAxis);
  const deciding = hiddenUnitsDecide(comparison);
  if (deciding) await keepHiddenTraceGroup(comparison);
  if (traceOnly === true) return;
  if (grams) await keepResidualGramGroup(onResidualAxis);
  if (WITH_HIDDEN_GRAM.includes(component) && !isRow) await keepHiddenGramGroup(comparison);
  const onlyPrimaries = primariesOnly === true;
  if (hidden && !deciding && (isRow || hiddenTrace === true || !onlyPrimaries))
    await keepHiddenTraceGroup(comparison);
  if (onlyPrimaries || isRow) return;
  await keepValueIdentityGroup(comparison);
  await keepRowIdentityGroup(comparison);
}
