import type { PlannedComparison, Programme } from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { planComparisons } from './plan-comparisons.js';
import { estimateFingerprint } from './estimate-fingerprint.js';
import { estimateWork, type WorkEstimate } from './estimate-work.js';
import { openSource } from './load-model.js';
import { readProgramme } from './read-programme.js';
import { resolveSource } from './programme/index.js';

/** One model of a dry run. */
export interface PlannedModelWork {
  readonly id: string;
  readonly uri: string;
  readonly shards: number;
  /** Groups of shards that as many activities of a fleet read. */
  readonly groups: number;
  readonly tensors: number;
  readonly parameters: number;
  readonly excludedParameters: number;
  readonly bytes: number;
  /** Bytes whose results are stored already. */
  readonly cachedBytes: number;
  readonly findings: readonly string[];
}

/** What an audit would do: read from headers alone. */
export interface DryRun {
  readonly programme: Programme;
  readonly models: readonly PlannedModelWork[];
  readonly comparisons: readonly PlannedComparison[];
  readonly estimate: WorkEstimate;
}

/** Looks at every model of a programme without reading weights. */
export async function planAudit(
  programmeUri: string,
  parts: PartStore,
  signal?: AbortSignal,
): Promise<DryRun> {
  const programme = await readProgramme(programmeUri);
  const entries = [
    ...programme.subjects.map(({ id, source }) => ({ id, source, family: id })),
    ...programme.references,
  ].map(({ id, source, family }) => ({ id, family, uri: resolveSource(programme, source, programmeUri) }));
  const models: PlannedModelWork[] = [];
  for (const { id, uri } of entries) models.push(await plannedModel(id, uri, programme, parts, signal));
  const comparisons = planComparisons(programme, new Map(entries.map((entry) => [entry.id, entry])));
  return { programme, models, comparisons, estimate: estimateWork(models, comparisons) };
}

async function plannedModel(
  id: string,
  uri: string,
  programme: Programme,
  parts: PartStore,
  signal?: AbortSignal,
): Promise<PlannedModelWork> {
  const source = await openSource(uri, signal);
  try {
    if (source.kind === 'fingerprint') {
      const { files, tensors, excluded, findings } = source.fingerprint.document;
      const parameters = tensors.reduce((sum, tensor) => sum + tensor.parameters, 0);
      return {
        id,
        uri,
        shards: files.length,
        groups: 0,
        tensors: tensors.length + excluded.length,
        parameters,
        excludedParameters: excluded.reduce((sum, tensor) => sum + tensor.parameters, 0),
        bytes: 0,
        cachedBytes: 0,
        findings,
      };
    }
    const { checkpoint } = source;
    const { groups, bytes, cachedBytes } = await estimateFingerprint(
      checkpoint,
      programme.budget.features,
      parts,
    );
    return {
      id,
      uri,
      shards: checkpoint.files.length,
      groups,
      tensors: checkpoint.stored.length,
      parameters: checkpoint.tensors.reduce(
        (sum, { shape }) => sum + shape.reduce((n, size) => n * size, 1),
        0,
      ),
      excludedParameters: checkpoint.excluded.reduce((sum, { parameters }) => sum + parameters, 0),
      bytes,
      cachedBytes,
      findings: checkpoint.findings,
    };
  } finally {
    await source.store.close();
  }
}
