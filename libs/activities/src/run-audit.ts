import { auditProgramme } from '@jokbo/pipeline';
import type { ResultDocument } from '@jokbo/contracts';
import type { AlignmentMap } from '@jokbo/evidence';
import { loadAlignments } from './alignment-store.js';
import { createActivities } from './create-activities.js';
import type { PartStore } from '@jokbo/fingerprint';
import { loadJson } from './evidence-store.js';
import type { LocalWorkspace } from './local-workspace.js';
import type { Progress } from './progress.js';

/** Fingerprints in flight: reading overlaps digesting, memory stays bounded. */
const FINGERPRINTS_IN_FLIGHT = 2;

/** More than any machine has threads: the comparer's own pool is the bound. */
const COMPARISONS_IN_FLIGHT = 64;

export interface RunAuditOptions {
  /** URI of the programme file. */
  readonly programme: string;
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  readonly publish?: ((document: ResultDocument, digest: string) => Promise<void>) | undefined;
}

export interface AuditOutcome {
  readonly document: ResultDocument;
  readonly digest: string;
  /** The alignments that the document names. */
  readonly alignments: readonly AlignmentMap[];
}

/** Runs an audit in this process: the local driver. */
export async function runAudit(options: RunAuditOptions): Promise<AuditOutcome> {
  const { workspace, progress, signal, publish } = options;
  const activities = createActivities({
    ...workspace,
    progress,
    signal,
    ...(publish === undefined ? {} : { publish }),
  });
  const { result } = await auditProgramme(
    activities,
    { programme: options.programme },
    { fingerprints: FINGERPRINTS_IN_FLIGHT, comparisons: COMPARISONS_IN_FLIGHT },
  );
  return loadOutcome(workspace.parts, result);
}

/**
 * The outcome of an audit by the digest of its result.
 *
 * @throws RangeError where the store lacks it.
 */
export async function loadOutcome(parts: PartStore, digest: string): Promise<AuditOutcome> {
  const document = await loadJson<ResultDocument>(parts, digest);
  if (document === null) throw new RangeError(`no result ${digest}`);
  return { document, digest, alignments: await loadAlignments(parts, document) };
}
