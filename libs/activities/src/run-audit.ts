import { auditProgramme } from '@jokbo/pipeline';
import type { Activities, MeasuredBackend, Progress, ResultDocument } from '@jokbo/contracts';
import type { AlignmentMap } from '@jokbo/evidence';
import { loadAlignments } from './alignment-store.js';
import { createActivities, type PublishResult } from './create-activities.js';
import type { PartStore } from '@jokbo/fingerprint';
import { inputsOfResult } from './decision-inputs.js';
import { loadJson } from './evidence-store.js';
import { keptFingerprints } from './kept-fingerprints.js';
import type { LocalWorkspace } from './local-workspace.js';
import { measuredBackend } from './measured-backend.js';

/** Fingerprints in flight: reading overlaps digesting, memory stays bounded. */
const FINGERPRINTS_IN_FLIGHT = 2;

/** One process holds all comparisons of a step: nothing would be gained by several batches. */
const ALL_AT_ONCE = { sampled: Number.MAX_SAFE_INTEGER, full: Number.MAX_SAFE_INTEGER };

export interface RunAuditOptions {
  /** URI of the programme file. */
  readonly programme: string;
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  /**
   * Ids of references that are new to the finished audit of the programme: these alone are fingerprinted, every other
   * model is taken as that audit found it. Absent = every model is looked at.
   */
  readonly added?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly publish?: PublishResult | undefined;
}

export interface AuditOutcome {
  readonly document: ResultDocument;
  readonly digest: string;
  /** The alignments that the document names. */
  readonly alignments: readonly AlignmentMap[];
  /** What measured its comparisons. */
  readonly backend: MeasuredBackend;
}

/** Runs an audit in this process: the local driver. */
export async function runAudit(options: RunAuditOptions): Promise<AuditOutcome> {
  const { workspace, progress, signal, publish } = options;
  const stages = createActivities({
    ...workspace,
    progress,
    signal,
    failed: (text) => progress.note(text),
    ...(publish === undefined ? {} : { publish }),
  });
  const { result } = await auditProgramme(
    await withKept(stages, options),
    { programme: options.programme },
    { fingerprints: FINGERPRINTS_IN_FLIGHT, batches: 1, perBatch: ALL_AT_ONCE },
  );
  return loadOutcome(workspace.parts, result);
}

/** The stages, with the fingerprints that a finished audit made in place of new ones. */
async function withKept(stages: Activities, options: RunAuditOptions): Promise<Activities> {
  const { programme, added, workspace, progress } = options;
  if (added === undefined) return stages;
  const kept = await keptFingerprints(programme, added, workspace.parts);
  return {
    ...stages,
    shards: (plan, model) => (kept.has(model.id) ? Promise.resolve([]) : stages.shards(plan, model)),
    fingerprint(plan, model) {
      const known = kept.get(model.id);
      if (known === undefined) return stages.fingerprint(plan, model);
      progress.advance('inventory', 1);
      return Promise.resolve(known);
    },
  };
}

/**
 * The outcome of an audit by the digest of its result.
 *
 * @throws RangeError where the store lacks it.
 */
export async function loadOutcome(parts: PartStore, digest: string): Promise<AuditOutcome> {
  const document = await loadJson<ResultDocument>(parts, digest);
  if (document === null) throw new RangeError(`no result ${digest}`);
  const inputs = await inputsOfResult(parts, digest);
  const backend = measuredBackend(inputs?.evidence ?? []);
  return { document, digest, alignments: await loadAlignments(parts, document), backend };
}
