import {
  canonicalJson,
  type Calibration,
  type ComparisonKind,
  type Coverage,
  type ModelSummary,
  type PairResult,
} from '@jokbo/contracts';
import {
  DEFAULT_FEATURES,
  openCheckpoint,
  openFingerprint,
  type Fingerprint,
  type ModelData,
} from '@jokbo/fingerprint';
import { decideAudit, lambdaFor, type MeasuredPair, type StatisticKind } from '@jokbo/verdict';
import { evidenceKey, loadJson, storeJson, type StoredEvidence } from './evidence-store.js';
import { fingerprintSource, openSource, type Source } from './load-model.js';
import type { LocalWorkspace } from './local-workspace.js';
import { leavesQuestion, measureComparison } from './measure-comparison.js';
import { coverageOf, measuredModel, modelSummary } from './measured-model.js';
import type { Progress } from './progress.js';

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
  readonly fingerprint: Fingerprint;
}

const KINDS: readonly StatisticKind[] = ['trace', 'gram', 'hidden', 'value'];

/** Compares any two sources, with the controls that need no programme. λ is the uncalibrated default. */
export async function compareSources(options: CompareSourcesOptions): Promise<SourceComparison> {
  const opened: Opened[] = [];
  try {
    for (const uri of [options.subject, options.reference, ...(options.controls ?? [])]) {
      opened.push(await openFingerprinted(uri, options));
    }
    const [subject, reference, ...controls] = opened;
    if (subject === undefined || reference === undefined)
      throw new RangeError('a comparison has two sources');
    return await compareOpened(subject, reference, controls, options);
  } finally {
    for (const { source } of opened) await source.store.close();
  }
}

async function openFingerprinted(uri: string, options: CompareSourcesOptions): Promise<Opened> {
  const source = await openSource(uri, options.signal);
  try {
    const { workspace, progress, signal } = options;
    const features = options.features ?? DEFAULT_FEATURES;
    const fingerprint = await fingerprintSource(source, { ...workspace, progress, features, signal });
    return { id: uri, source, fingerprint };
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
  const measure = async (
    kind: ComparisonKind,
    a: Opened,
    b: Opened,
    full = false,
  ): Promise<StoredEvidence> => {
    const mode = full ? 'full' : 'sampled';
    const key = evidenceKey(kind, a.fingerprint.id, b.fingerprint.id, mode);
    const known = await loadJson<StoredEvidence>(options.workspace.parts, key);
    if (known !== null) return known;
    const [left, right] = [dataOf(a, full, options), dataOf(b, full, options)];
    try {
      const stored = await measureComparison(kind, left, right, options.workspace.backend, options.signal);
      await storeJson(options.workspace.parts, key, stored);
      // As it will be read the next time: one order of keys, whether it was stored before or not.
      return JSON.parse(canonicalJson(stored)) as StoredEvidence;
    } finally {
      await left.close();
      await right.close();
    }
  };
  const sampled = options.full === true ? null : await measure('audit', subject, reference);
  const open = sampled === null || leavesQuestion(sampled.records, openFingerprint(subject.fingerprint));
  const evidence = sampled !== null && !open ? sampled : await measure('audit', subject, reference, true);
  const pairOf = (a: Opened, b: Opened, stored: StoredEvidence): MeasuredPair => ({
    subject: a.id,
    reference: b.id,
    records: stored.records,
  });
  const negative = [];
  for (const control of controls) {
    const stored = await measure('negative', reference, control);
    negative.push({ model: `${reference.id} × ${control.id}`, pair: pairOf(reference, control, stored) });
  }
  const calibration: Calibration[] = [];
  const models = new Map(
    [subject, reference].map((model) => [
      model.id,
      measuredModel(model.id, model.id, model.fingerprint.document),
    ]),
  );
  const [verdict] = decideAudit({
    models,
    calibration,
    tier3: options.requireTier3 === true ? 'required' : 'waived',
    pairs: [
      {
        pair: pairOf(subject, reference, evidence),
        controls: {
          negative,
          knownDerivative: null,
          int8: pairOf(subject, subject, await measure('int8', subject, subject)),
          identity: pairOf(subject, subject, await measure('identity', subject, subject)),
        },
        declared: null,
      },
    ],
  });
  if (verdict === undefined) throw new RangeError('one pair has one verdict');
  const width = subject.fingerprint.document.architecture.hiddenSize;
  return {
    pair: {
      subject: subject.id,
      reference: reference.id,
      mode: evidence.records.some(({ mode }) => mode === 'full') ? 'full' : 'sampled',
      verdict,
      evidence: evidence.records,
      maps: evidence.maps,
      reproduce: `jokbo compare ${subject.id} ${reference.id}${options.full === true ? ' --full' : ''}`,
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

function dataOf(model: Opened, full: boolean, options: CompareSourcesOptions): ModelData {
  if (!full || model.source.kind === 'fingerprint') return openFingerprint(model.fingerprint);
  const { checkpoint, store } = model.source;
  return openCheckpoint(checkpoint, store, options.workspace.runner, model.fingerprint, options.signal);
}

function summary(model: Opened, role: 'subject' | 'reference'): ModelSummary {
  return modelSummary({ id: model.id, name: model.id, role, team: null, family: null }, model.fingerprint);
}
