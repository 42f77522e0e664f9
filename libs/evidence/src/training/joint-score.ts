import type { BlockRecord, Component, TensorBackend } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { presentComponents } from '../compare-models.js';
import { IDENTITY_MAP } from '../layer-map.js';
import { onExchangeableAxes, orderedStreams } from '../ordered-streams.js';
import { pairTensors } from '../paired-tensors.js';
import { traceOfPairs } from '../trace-of-pairs.js';

/** The residual-axis trace over all tensors of several components under one permutation. */
export interface JointScore {
  readonly z: number;
  readonly r: number;
  readonly nEff: number;
  readonly ceiling: number;
}

export interface JointScoreOptions {
  /** @default all that the subject has */
  readonly components?: readonly Component[];
  /**
   * Neither is random, nor a checkpoint of the other's run: streams whose dimensions have an order in both are left out
   * (`orderedStreams`).
   */
  readonly trainedApart?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The joint trace with the tests of its tensors. */
export interface JointTraceOfModels {
  readonly joint: JointScore | null;
  readonly blocks: readonly BlockRecord[];
}

/**
 * The trace test (Hoeffding 1951) joint over every tensor that two models share on one residual stream, whatever its
 * component. Identity map: checkpoints of one run have the same layers.
 *
 * @returns null where nothing can be paired or everything is constant, as norms are at step 0.
 */
export async function jointScore(
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  options: JointScoreOptions = {},
): Promise<JointScore | null> {
  return (await jointTraceOfModels(subject, reference, backend, options)).joint;
}

/** As {@link jointScore}, with each tensor's own test beside it. */
export async function jointTraceOfModels(
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  options: JointScoreOptions = {},
): Promise<JointTraceOfModels> {
  const components = options.components ?? presentComponents(subject);
  const models = { subject, reference };
  const sides =
    options.trainedApart === true ? onExchangeableAxes(models, orderedStreams(subject, reference)) : models;
  const pairs = components.flatMap(
    (component) => pairTensors(sides.subject, sides.reference, component, IDENTITY_MAP).pairs,
  );
  const { joint, blocks } = await traceOfPairs(pairs, {
    subject,
    reference,
    backend,
    signal: options.signal,
  });
  return {
    joint: joint === null ? null : { z: joint.z, r: joint.r, nEff: joint.nEff, ceiling: joint.ceiling },
    blocks,
  };
}

/** The same for every component that the subject has, in their order. */
export async function componentScores(
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  signal?: AbortSignal,
): Promise<readonly { readonly component: Component; readonly score: JointScore | null }[]> {
  const scores = [];
  for (const component of presentComponents(subject)) {
    const score = await jointScore(subject, reference, backend, { components: [component], signal });
    scores.push({ component, score });
  }
  return scores;
}
