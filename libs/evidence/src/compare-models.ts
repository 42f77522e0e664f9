import {
  COMPONENTS,
  type Component,
  type EvidenceRecord,
  type LayerMap,
  type SkippedTensor,
  type TensorSummary,
  type TensorBackend,
} from '@jokbo/contracts';
import { createMemo, holdSamples, type ModelData } from '@jokbo/fingerprint';
import { balancedTraceEvidence } from './balanced-trace.js';
import { byteIdentityEvidence } from './byte-identity.js';
import type { Comparison } from './comparison.js';
import { heldAgainst } from './dense-and-experts.js';
import type { AlignmentMap } from './disguise/alignment-map.js';
import { disguiseEvidence } from './disguise/disguise-evidence.js';
import { evidenceRecord } from './evidence-record.js';
import { hiddenGramEvidence } from './hidden-gram.js';
import { hiddenTraceEvidence } from './hidden-trace.js';
import { IDENTITY_MAP } from './layer-map.js';
import { layerMaps } from './layer-maps.js';
import { localise } from './localisation.js';
import { matchedLayers } from './matched-layers.js';
import { normContextEvidence } from './norm-context.js';
import {
  comparedAxes,
  hiddenUnitsDecide,
  onExchangeableAxes,
  orderedStreams,
  type ComparedAxes,
} from './ordered-streams.js';
import { componentTensors, pairTensors } from './paired-tensors.js';
import type { PartialResults } from './partial-results.js';
import { rankTraceEvidence } from './rank-trace.js';
import { residualGramEvidence } from './residual-gram.js';
import { rowIdentityEvidence } from './row-identity.js';
import { startSplitEvidence } from './start-split.js';
import { traceEvidence } from './trace.js';
import { unmeasurableTensors } from './unmeasurable.js';
import { valueGramEvidence } from './value-gram.js';
import { valueIdentityEvidence } from './value-identity.js';

/** How each primary over the residual axis is measured; all have exact null moments. */
const OVER_RESIDUAL_AXIS = {
  trace: traceEvidence,
  balanced_trace: balancedTraceEvidence,
  residual_gram: residualGramEvidence,
} as const;

/** How each primary over units inside of blocks is measured: theirs are the only ones where residual dimensions have an order. */
const OVER_UNITS = {
  hidden_gram: hiddenGramEvidence,
  hidden_trace: hiddenTraceEvidence,
  value_gram: valueGramEvidence,
} as const;

type Primary = keyof typeof OVER_RESIDUAL_AXIS | keyof typeof OVER_UNITS;

/** The primaries of every component, fixed in advance. */
const PRIMARIES: Readonly<Record<Component, readonly Primary[]>> = {
  embedding: ['trace', 'balanced_trace'],
  attention: ['trace', 'residual_gram', 'value_gram'],
  mlp: ['trace', 'residual_gram', 'hidden_gram'],
  router: ['trace', 'residual_gram'],
  experts: ['trace', 'residual_gram', 'hidden_gram'],
  norms: ['trace'],
  head: ['trace', 'balanced_trace'],
  mtp: ['trace'],
  vision: ['trace', 'hidden_gram'],
  audio: ['trace', 'hidden_gram'],
  projector: ['trace'],
};

/** The primaries of experts against a dense MLP, or of a dense MLP against experts. */
const UPCYCLED_PRIMARIES = ['residual_gram', 'hidden_trace'] as const;

/** Components with hidden units, whose trace over them is measured where it is asked for. */
const WITH_HIDDEN_UNITS: readonly Component[] = ['mlp', 'experts'];

/** Components whose layer × layer maps every pair shows. */
const MAPPED: readonly Component[] = ['norms', 'attention', 'vision', 'audio'];

/** Components whose layer × layer maps a pair shows where they reject. */
const MAPPED_IF_LINKED: readonly Component[] = ['mlp', 'router', 'experts'];

/** Where a component with unequal depth may follow a layer map other than a contiguous one. */
const LAYERED: readonly Component[] = ['attention', 'mlp', 'router', 'norms'];

/** Tensors that an invalid record lists; more say nothing new. */
const MAX_FAULTS_LISTED = 100;

/** What methods of one component share: a Gram of some 2,000 features of either side. */
const SHARED_BYTES = 64 * 1024 * 1024;

/** Samples of one component that stay in memory, of either model: attention of 100B parameters has 134 MB. */
const SAMPLE_BYTES = 160 * 1024 * 1024;

/** |z| from which the split between learned part and random start is worth its cost. */
const SPLIT_FROM_Z = 8;

/** Everything measured of one component against one reference. */
export interface ComponentEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
}

/** All evidence of one pair. */
export interface PairEvidence {
  readonly records: readonly EvidenceRecord[];
  readonly maps: readonly LayerMap[];
  /** Alignments that tier 3 recovered; records name theirs by digest. Absent where it was not asked for. */
  readonly alignments?: readonly AlignmentMap[];
}

export interface CompareOptions {
  /** @default all components that both models have */
  readonly components?: readonly Component[];
  /** Maps, context and the split are left out, as controls and calibration need only the primaries. */
  readonly primariesOnly?: boolean;
  /** The trace test alone, for the identity control. */
  readonly traceOnly?: boolean;
  /** The trace over hidden units too, which is the positive control of experts held against a dense MLP. */
  readonly hiddenTrace?: boolean;
  /** Subject and reference are one model, as in positive and identity controls. */
  readonly sameModel?: boolean;
  /** Only the identity map is tried. */
  readonly identityOnly?: boolean;
  /** Tier 3 too, which means something beside that of control pairs alone: see `calibrateDisguise`. */
  readonly disguises?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Where results of groups of tensors are kept in comparisons over all elements. @default NOT_KEPT */
  readonly partials?: PartialResults | undefined;
  /** Parameters of such a group: another one gives other last bits. @default GROUP_PARAMETERS */
  readonly groupParameters?: number | undefined;
}

/** Components of which a model has at least one tensor. */
export function presentComponents({
  tensors,
}: {
  readonly tensors: Pick<ModelData['tensors'], 'values'> | readonly TensorSummary[];
}): Component[] {
  const present = new Set([...tensors.values()].flatMap((tensor) => tensor.component ?? []));
  return COMPONENTS.filter((component) => present.has(component));
}

/**
 * Measures every component that subject and reference share: byte and value identity (tier 0), the registered
 * primaries (tier 1), layer maps, and context that never decides; and experts against a dense MLP where the reference
 * lacks one of the two. The result depends on the two models alone.
 */
export async function compareModels(
  subject: ModelData,
  reference: ModelData,
  backend: TensorBackend,
  options: CompareOptions = {},
): Promise<PairEvidence> {
  const shared = presentComponents(reference);
  const streams = orderedStreams(subject, reference);
  const records: EvidenceRecord[] = [];
  const maps: LayerMap[] = [];
  for (const component of options.components ?? presentComponents(subject)) {
    const against = heldAgainst(component, shared);
    if (against === null) continue;
    const { identityOnly, primariesOnly, traceOnly, signal, partials, groupParameters } = options;
    const onlyPrimaries = primariesOnly === true || traceOnly === true;
    const comparison: Comparison = {
      ...{ component, backend, identityOnly, signal, partials, groupParameters },
      subject: holdSamples(subject, SAMPLE_BYTES),
      reference: holdSamples(reference, SAMPLE_BYTES),
      primariesOnly: onlyPrimaries,
      memo: createMemo(SHARED_BYTES),
      ...(against === component ? {} : { against }),
    };
    if (componentTensors(subject, component).length === 0) continue;
    const evidence = await (against === component ? componentEvidence : upcycledEvidence)(
      comparedAxes(comparison, streams, options.sameModel),
      options,
    );
    records.push(...evidence.records);
    maps.push(...evidence.maps);
  }
  if (options.disguises !== true) return { records, maps };
  const { identityOnly, primariesOnly, signal } = options;
  const models = onExchangeableAxes({ subject, reference }, streams);
  const tier3 = await disguiseEvidence({ ...models, backend, identityOnly, primariesOnly, signal });
  return { records: [...records, ...tier3.records], maps, alignments: tier3.maps };
}

function measure({ comparison, onResidualAxis }: ComparedAxes, method: Primary): Promise<EvidenceRecord> {
  return isOverUnits(method) ? OVER_UNITS[method](comparison) : OVER_RESIDUAL_AXIS[method](onResidualAxis);
}

function isOverUnits(method: Primary): method is keyof typeof OVER_UNITS {
  return Object.hasOwn(OVER_UNITS, method);
}

/** The primaries of a component, chosen from config, names and shapes alone. */
function primariesFor(comparison: Comparison, traceOnly: boolean): readonly Primary[] {
  const methods = traceOnly ? (['trace'] as const) : PRIMARIES[comparison.component];
  return hiddenUnitsDecide(comparison) ? [...methods, 'hidden_trace'] : methods;
}

async function componentEvidence(axes: ComparedAxes, options: CompareOptions): Promise<ComponentEvidence> {
  const { comparison, onResidualAxis } = axes;
  const methods = primariesFor(comparison, options.traceOnly === true);
  const faults = unmeasurableTensors(comparison);
  if (faults.length > 0) return { records: invalidRecords(comparison, methods, faults), maps: [] };
  const primaries: EvidenceRecord[] = [];
  for (const method of methods) primaries.push(await measure(axes, method));
  const { component } = comparison;
  const hidden = WITH_HIDDEN_UNITS.includes(component) && !methods.includes('hidden_trace');
  if (options.hiddenTrace === true && hidden) {
    primaries.push(await hiddenTraceEvidence(comparison));
  }
  if (options.traceOnly === true || options.primariesOnly === true) return { records: primaries, maps: [] };
  const rejects = primaries.some((record) => Math.abs(record.z ?? 0) >= SPLIT_FROM_Z);
  const trace = primaries.find((record) => record.method === 'trace');
  const uneven = (trace?.maps_tried ?? 1) > 1 && LAYERED.includes(component);
  const isMapped = MAPPED.includes(component) || (rejects && MAPPED_IF_LINKED.includes(component));
  const maps = isMapped ? await layerMaps(onResidualAxis) : [];
  const bytes = byteIdentityEvidence(comparison);
  const rows = await rowIdentityEvidence(comparison, bytes);
  const records = [bytes, await valueIdentityEvidence(comparison), rows, ...primaries];
  const matched = uneven && rejects ? matchedLayers(onResidualAxis, maps) : null;
  if (matched !== null && trace !== undefined) {
    records.splice(records.indexOf(trace), 1, withMatchedLayers(trace, matched));
  }
  if (rejects && component !== 'norms') {
    const { pairs } = pairTensors(onResidualAxis.subject, onResidualAxis.reference, component, IDENTITY_MAP);
    records.push(await startSplitEvidence(onResidualAxis, pairs));
  }
  if (component === 'norms') {
    records.push(await rankTraceEvidence(onResidualAxis), await normContextEvidence(onResidualAxis));
  }
  const where = await localise(comparison, onResidualAxis, { records, maps, rejects });
  return { records: [...records, ...where.records], maps: [...maps, ...where.maps] };
}

async function upcycledEvidence(axes: ComparedAxes, options: CompareOptions): Promise<ComponentEvidence> {
  if (options.traceOnly === true) return { records: [], maps: [] };
  const { comparison } = axes;
  const faults = unmeasurableTensors(comparison);
  if (faults.length > 0) return { records: invalidRecords(comparison, UPCYCLED_PRIMARIES, faults), maps: [] };
  const records: EvidenceRecord[] = [];
  for (const method of UPCYCLED_PRIMARIES) records.push(await measure(axes, method));
  return { records, maps: [] };
}

/** Primaries that cannot be measured because an element of either side is NaN, infinite or out of range. */
function invalidRecords(
  comparison: Comparison,
  methods: readonly Primary[],
  faults: readonly SkippedTensor[],
): EvidenceRecord[] {
  return methods.map((method) =>
    evidenceRecord(
      { ...comparison, method, tier: 1, primary: true, nullHypothesis: 'none: not measured' },
      { status: 'invalid', reason: faults[0]?.reason ?? null, skipped: faults.slice(0, MAX_FAULTS_LISTED) },
    ),
  );
}

/** Blocks of the map that was found, where it explains more parameters than the best contiguous one. */
function withMatchedLayers(
  trace: EvidenceRecord,
  matched: NonNullable<ReturnType<typeof matchedLayers>>,
): EvidenceRecord {
  const linked = (blocks: EvidenceRecord['blocks']): number =>
    blocks.reduce(
      (sum, block) => sum + ((block.r ?? 0) >= 0.2 && (block.z ?? 0) >= SPLIT_FROM_Z ? block.parameters : 0),
      0,
    );
  if (linked(matched.blocks) <= linked(trace.blocks)) return trace;
  return { ...trace, blocks: matched.blocks, details: { ...trace.details, matched_layers: matched.name } };
}
