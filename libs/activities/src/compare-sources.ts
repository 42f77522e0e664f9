import {
  canonicalJson,
  type Calibration,
  type ComparisonKind,
  type Coverage,
  type ModelSummary,
  type PairResult,
  type Progress,
  type RuleThresholds,
} from '@jokbo/contracts';
import {
  DEFAULT_FEATURES,
  openCheckpoint,
  openStoredFingerprint,
  type AddressedDocument,
  type ModelData,
} from '@jokbo/fingerprint';
import { parseUri, pinnedUri } from '@jokbo/storage';
import {
  decideAudit,
  DEFAULT_THRESHOLDS,
  lambdaFor,
  type MeasuredPair,
  type StatisticKind,
} from '@jokbo/verdict';
import { compareComponents, isSplit } from './compare-components.js';
import { searchSources } from './compare-disguise.js';
import { evidenceKey, loadJson, modeOf, storeJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource, type Source } from './load-model.js';
import type { LocalWorkspace } from './local-workspace.js';
import { leavesQuestion, measureComparison } from './measure-comparison.js';
import { coverageOf, measuredModel, modelSummary } from './measured-model.js';
import { recoveredAlignments, withControlFigures } from './recovered-alignments.js';
import { reproduceCommand } from './reproduce-command.js';
import { storedPartials } from './stored-partials.js';

export interface CompareSourcesOptions {
  readonly subject: string;
  readonly reference: string;
  /** Documented-independent models, for the negative control. */
  readonly controls?: readonly string[];
  /** All elements of both. */
  readonly full?: boolean;
  readonly features?: number;
  /** Components are clean only after disguise tests. */
  readonly requireTier3?: boolean;
  /** λ by which the pair is judged; default none, so that the uncalibrated one holds. */
  readonly calibration?: readonly Calibration[];
  /** How the rule set of these thresholds was named, for the command that measures the pair again. */
  readonly rules?: string;
  /** @default DEFAULT_THRESHOLDS */
  readonly thresholds?: RuleThresholds;
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** Outcome of comparing two sources outside of a programme. */
export interface SourceComparison {
  readonly pair: PairResult;
  readonly models: readonly ModelSummary[];
  readonly calibration: readonly Calibration[];
  readonly lambda: readonly {
    statistic: StatisticKind;
    width: number | null;
    lambda: number;
    calibrated: boolean;
  }[];
  readonly coverage: { readonly subject: Coverage; readonly reference: Coverage };
}

interface Opened {
  readonly id: string;
  readonly source: Source;
  readonly fingerprint: AddressedDocument;
}

const KINDS: readonly StatisticKind[] = ['trace', 'gram', 'hidden', 'value'];

/** Compares any two sources, with the controls that need no programme. λ is the uncalibrated default. */
export async function compareSources(options: CompareSourcesOptions): Promise<SourceComparison> {
  const opened: Opened[] = [];
  try {
    for (const uri of [options.subject, options.reference, ...(options.controls ?? [])]) {
      opened.push(await openFingerprinted(await lastingUri(uri, options.signal), options));
    }
    const [subject, reference, ...controls] = opened;
    if (subject === undefined || reference === undefined)
      throw new RangeError('a comparison has two sources');
    return await compareOpened(subject, reference, controls, options);
  } finally {
    for (const { source } of opened) await source.store.close();
  }
}

/** A revision of a hub by its commit, so that the command that reproduces the pair finds the same; else as it was given. */
async function lastingUri(uri: string, signal: AbortSignal | undefined): Promise<string> {
  return parseUri(uri).scheme === 'hub' ? pinnedUri(uri, signal) : uri;
}

async function openFingerprinted(uri: string, options: CompareSourcesOptions): Promise<Opened> {
  const source = await openSource(uri, options.signal);
  try {
    const { workspace, progress, signal } = options;
    const features = options.features ?? DEFAULT_FEATURES;
    const { id, document } = await fingerprintSource(source, { ...workspace, progress, features, signal });
    return { id: uri, source, fingerprint: { id, document } };
  } catch (error) {
    await source.store.close();
    throw error;
  }
}

async function compareOpened(
  subject: Opened,
  reference: Opened,
  controls: readonly Opened[],
  options: CompareSourcesOptions,
): Promise<SourceComparison> {
  const models = openModels(options);
  try {
    return await compareModelsOf(subject, reference, controls, options, models);
  } finally {
    await models.close();
  }
}

async function compareModelsOf(
  subject: Opened,
  reference: Opened,
  controls: readonly Opened[],
  options: CompareSourcesOptions,
  data: OpenModels,
): Promise<SourceComparison> {
  const { signal } = options;
  const { parts, backend, comparer } = options.workspace;
  const measured = async (
    kind: ComparisonKind,
    a: Opened,
    b: Opened,
    mode: 'sampled' | 'full',
  ): Promise<StoredEvidence> => {
    const { id: subject, document } = a.fingerprint;
    const reference = b.fingerprint.id;
    return mode === 'sampled' && isSplit(kind, document)
      ? compareComponents(comparer, parts, { kind, subject, reference }, document, signal)
      : measureComparison(kind, await data.of(a, mode), await data.of(b, mode), backend, {
          signal,
          partials: storedPartials(parts, backend),
        });
  };
  const measure = async (
    kind: ComparisonKind,
    a: Opened,
    b: Opened,
    mode: 'sampled' | 'full',
  ): Promise<StoredEvidence> => {
    const key = evidenceKey(kind, a.fingerprint.id, b.fingerprint.id, mode, undefined, backend.name);
    const known = await loadJson<StoredEvidence>(parts, key);
    if (known !== null) return known;
    const stored = await measured(kind, a, b, mode);
    await storeJson(parts, key, stored);
    // As it will be read the next time: one order of keys, whether it was stored before or not.
    return JSON.parse(canonicalJson(stored)) as StoredEvidence;
  };
  const sampled = options.full === true ? null : await measure('audit', subject, reference, 'sampled');
  const documents = [subject.fingerprint.document, reference.fingerprint.document];
  const open = sampled === null || leavesQuestion(sampled.records, ...documents);
  const evidence = sampled !== null && !open ? sampled : await measure('audit', subject, reference, 'full');
  // A control is measured over the same elements as its pair.
  const mode = modeOf(evidence);
  const int8 = await measure('int8', subject, subject, mode);
  const identity = await measure('identity', subject, subject, mode);
  const pairOf = (a: Opened, b: Opened, stored: StoredEvidence): MeasuredPair => ({
    subject: a.id,
    reference: b.id,
    records: stored.records,
  });
  const negative = [];
  for (const control of controls) {
    const stored = await measure('negative', reference, control, mode);
    negative.push({ model: `${reference.id} × ${control.id}`, pair: pairOf(reference, control, stored) });
    if (![subject, reference].some(({ fingerprint }) => fingerprint.id === control.fingerprint.id)) {
      await data.release(control);
    }
  }
  const searched = await searchSources({
    ...{ subject, reference, controls, records: evidence.records },
    measure: (kind, a, b) => measure(kind, a, b, 'sampled'),
  });
  const alignments = recoveredAlignments(searched.disguise, searched.stored?.alignments ?? []);
  const calibration = options.calibration ?? [];
  const models = new Map(
    [subject, reference].map((model) => [
      model.id,
      measuredModel(model.id, model.id, model.fingerprint.document),
    ]),
  );
  const [verdict] = decideAudit({
    models,
    calibration,
    rules: options.thresholds ?? DEFAULT_THRESHOLDS,
    tier3: options.requireTier3 === true ? 'required' : 'waived',
    pairs: [
      {
        pair: pairOf(subject, reference, evidence),
        controls: {
          negative,
          knownDerivative: null,
          int8: pairOf(subject, subject, int8),
          identity: pairOf(subject, subject, identity),
        },
        declared: null,
        disguise: searched.disguise,
      },
    ],
  });
  if (verdict === undefined) throw new RangeError('one pair has one verdict');
  const width = subject.fingerprint.document.architecture.hiddenSize;
  return {
    pair: {
      subject: subject.id,
      reference: reference.id,
      mode,
      verdict,
      evidence: [
        ...evidence.records,
        ...withControlFigures(searched.stored?.records ?? [], searched.disguise),
      ],
      maps: evidence.maps,
      ...(alignments.length === 0 ? {} : { alignments }),
      reproduce: reproduceCommand({
        subject: subject.id,
        reference: reference.id,
        controls: controls.map(({ id }) => id),
        features: options.features,
        full: options.full,
        rules: options.rules,
      }),
    },
    models: [summary(subject, 'subject'), summary(reference, 'reference')],
    calibration,
    lambda: KINDS.map((statistic) => ({ statistic, width, ...lambdaFor(calibration, statistic, width) })),
    coverage: {
      subject: coverageOf(subject.fingerprint.document),
      reference: coverageOf(reference.fingerprint.document),
    },
  };
}

interface OpenModels {
  of(model: Opened, mode: 'sampled' | 'full'): Promise<ModelData>;
  /** Lets go of what was read of a model. */
  release(model: Opened): Promise<void>;
  close(): Promise<void>;
}

/** Opens each model once per mode, so that what one comparison read serves the next. */
function openModels({ workspace, signal }: CompareSourcesOptions): OpenModels {
  const open = new Map<string, ModelData>();
  return {
    async of({ source, fingerprint }, mode) {
      const full = mode === 'full' && source.kind === 'checkpoint';
      const key = `${full ? 'full' : 'sampled'} ${fingerprint.id}`;
      const known = open.get(key);
      if (known !== undefined) return known;
      const data = full
        ? openCheckpoint(source.checkpoint, source.store, workspace.runner, fingerprint, signal)
        : await openStoredFingerprint(workspace.parts, fingerprint.id);
      if (data === null) throw new RangeError(`no fingerprint ${fingerprint.id}`);
      open.set(key, data);
      return data;
    },
    async release({ fingerprint }) {
      for (const key of [`sampled ${fingerprint.id}`, `full ${fingerprint.id}`]) {
        await open.get(key)?.close();
        open.delete(key);
      }
    },
    async close() {
      for (const data of open.values()) await data.close();
    },
  };
}

function summary(model: Opened, role: 'subject' | 'reference'): ModelSummary {
  return modelSummary({ id: model.id, name: model.id, role, team: null, family: null }, model.fingerprint);
}
