import type { Component, Stream, TensorSummary } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { Comparison } from './comparison.js';
import { isSinusoidTable } from './computed-table.js';

/** Attention over an encoder's output: these read the stream of the encoder. */
const READS_ENCODER = /^cross\.[kv]$/;

/** Stream of most tensors of a component; all others are of the text layers. */
const STREAM_OF_COMPONENT: Readonly<Partial<Record<Component, Stream>>> = {
  vision: 'vision',
  audio: 'audio',
};

/** Components with feed-forward blocks, whose hidden units have no order whatever the stream has. */
const WITH_BLOCKS: readonly Component[] = ['mlp', 'experts', 'vision', 'audio'];

/** Whether hidden units decide about a component, as its residual dimensions have an order in both models. */
export function hiddenUnitsDecide({
  component,
  ordered,
}: Pick<Comparison, 'component' | 'ordered'>): boolean {
  return ordered === true && WITH_BLOCKS.includes(component);
}

/** The stream that most tensors of a component read or write. */
function streamOfComponent(component: Component): Stream {
  return STREAM_OF_COMPONENT[component] ?? 'text';
}

/**
 * Streams whose residual dimensions have an order in both models: sines and cosines are added to them as positions, by
 * the config or as a table that is stored. Models that were trained apart agree in that order, so that no permutation of
 * these dimensions is a null (evidence §2.4). Where one model alone has an order, permuting the other one is exact.
 * Nothing that a test compares is looked at: tables of positions are no operand of any.
 */
export function orderedStreams(subject: ModelData, reference: ModelData): ReadonlySet<Stream> {
  const streams: readonly Stream[] = ['text', 'vision', 'audio'];
  return new Set(streams.filter((stream) => isOrdered(subject, stream) && isOrdered(reference, stream)));
}

/** The same models with tensors of some streams as if they had no residual axis: methods over that axis see these. */
export function onExchangeableAxes<
  Sides extends { readonly subject: ModelData; readonly reference: ModelData },
>(sides: Sides, streams: ReadonlySet<Stream>): Sides {
  if (streams.size === 0) return sides;
  return {
    ...sides,
    subject: withoutAxes(sides.subject, streams),
    reference: withoutAxes(sides.reference, streams),
  };
}

/** A comparison, and the same one as methods over the residual axis are to see it. */
export interface ComparedAxes {
  readonly comparison: Comparison;
  readonly onResidualAxis: Comparison;
}

/**
 * A comparison with what is known of its stream's order.
 *
 * @param streams those that have an order in both models.
 * @param sameModel subject and reference are one model: nothing is held against chance, and every method is of use for
 *   the controls of pairs in which one side alone has an order.
 */
export function comparedAxes(
  comparison: Comparison,
  streams: ReadonlySet<Stream>,
  sameModel = false,
): ComparedAxes {
  if (streams.size === 0) return { comparison, onResidualAxis: comparison };
  const whole = { ...comparison, ordered: streams.has(streamOfComponent(comparison.component)) };
  if (sameModel) return { comparison: whole, onResidualAxis: whole };
  return {
    comparison: whole,
    onResidualAxis: { ...onExchangeableAxes(whole, streams), axesRemoved: true },
  };
}

function withoutAxes(model: ModelData, streams: ReadonlySet<Stream>): ModelData {
  const hasAudio = hasStream(model, 'audio');
  const tensors = new Map(
    [...model.tensors].map(([key, tensor]): [string, TensorSummary] =>
      streams.has(streamOf(tensor, hasAudio)) ? [key, { ...tensor, residual_axis: null }] : [key, tensor],
    ),
  );
  return { ...model, tensors };
}

function isOrdered(model: ModelData, stream: Stream): boolean {
  if (model.architecture.sinusoidal?.includes(stream) === true) return true;
  const hasAudio = hasStream(model, 'audio');
  const ofStream = [...model.tensors.values()].filter((tensor) => streamOf(tensor, hasAudio) === stream);
  const widths = new Set(
    ofStream.map(({ shape, residual_axis: axis }) => (axis === null ? null : shape[axis])),
  );
  return ofStream.some((tensor) => isSinusoidTable(tensor) && widths.has(tensor.shape.at(-1)));
}

function hasStream(model: ModelData, stream: Stream): boolean {
  return [...model.tensors.values()].some(({ scope }) => scope === stream);
}

function streamOf({ scope, role, residual_axis: axis }: TensorSummary, hasAudio: boolean): Stream {
  switch (scope) {
    case 'vision':
    case 'audio':
      return scope;
    // What a projector writes is the text stream, what it reads the one of a tower.
    case 'projector':
      return axis === 1 ? 'vision' : 'text';
    case 'text':
    case 'mtp':
      return hasAudio && READS_ENCODER.test(role) ? 'audio' : 'text';
  }
}
