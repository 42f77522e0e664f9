import {
  COMPONENTS,
  type Calibration,
  type Component,
  type ComponentVerdict,
  type EvidenceRecord,
  type LeaderboardRow,
  type ModelSummary,
  type PairResult,
  type ResultDocument,
} from '@jokbo/contracts';

/** What reports look up in a result document again and again. */
export interface DocumentLookup {
  readonly document: ResultDocument;
  /** Name of a model by its id; the id where there is no such model. */
  readonly nameOf: (id: string) => string;
  readonly modelOf: (id: string) => ModelSummary | undefined;
  readonly pairOf: (subject: string, reference: string) => PairResult | undefined;
}

/** Indexes a result document. */
export function lookUp(document: ResultDocument): DocumentLookup {
  const models = new Map(document.models.map((model) => [model.id, model]));
  const unread = new Map((document.failures?.models ?? []).map(({ id, name }) => [id, name]));
  const pairs = new Map(document.pairs.map((pair) => [JSON.stringify([pair.subject, pair.reference]), pair]));
  return {
    document,
    nameOf: (id) => models.get(id)?.name ?? unread.get(id) ?? id,
    modelOf: (id) => models.get(id),
    pairOf: (subject, reference) => pairs.get(JSON.stringify([subject, reference])),
  };
}

/** Components that any row of the leaderboard names, in the order of reports. */
export function leaderboardComponents(document: ResultDocument): Component[] {
  const named = new Set(document.leaderboard.flatMap((row) => row.components.map((item) => item.component)));
  return COMPONENTS.filter((component) => named.has(component));
}

/** Share of the parameters of a release that were scanned and mapped, or null where its model is not listed. */
export function coverageShare(model: ModelSummary | undefined): number | null {
  if (model === undefined || model.coverage.parameters === 0) return null;
  return model.coverage.parameters_mapped / model.coverage.parameters;
}

/**
 * Share of the parameters of a release that are linked, or null where nothing of it could be compared: older results
 * hold 0 there.
 */
export function linkedShare(verdict: {
  readonly comparable_share: number;
  readonly linked_share: number | null;
}): number | null {
  return verdict.comparable_share === 0 ? null : verdict.linked_share;
}

/** The same of a release over its references: null where it is comparable with none of them. */
export function releaseLinkedShare(row: LeaderboardRow): number | null {
  return row.comparable_references === 0 ? null : row.linked_share;
}

/** The verdict behind one cell of the leaderboard. */
export function cellVerdict(
  lookup: DocumentLookup,
  row: LeaderboardRow,
  component: Component,
  reference: string | null,
): ComponentVerdict | undefined {
  if (reference === null) return undefined;
  const pair = lookup.pairOf(row.subject, reference);
  return pair?.verdict.components.find((item) => item.component === component);
}

/**
 * Smallest inheritance excluded for one component of a release: the largest r_min over the references where no
 * link was found, so that the sentence holds for every one of them. Null where none was measured.
 */
export function excludedR(document: ResultDocument, subject: string, component: Component): number | null {
  let largest: number | null = null;
  for (const pair of document.pairs) {
    if (pair.subject !== subject) continue;
    for (const item of pair.verdict.components) {
      if (item.component !== component || item.verdict !== 'no_link_found' || item.r_min === null) continue;
      largest = largest === null ? item.r_min : Math.max(largest, item.r_min);
    }
  }
  return largest;
}

const CALIBRATED_AS: ReadonlyMap<string, Calibration['statistic']> = new Map([
  ['trace', 'trace'],
  ['balanced_trace', 'trace'],
  ['hidden_trace', 'trace'],
  ['residual_gram', 'gram'],
  ['hidden_gram', 'hidden'],
  ['value_gram', 'value'],
]);

/**
 * λ that the z of a component was divided by: z_λ = z/√max(1, λ), read from both. Null where its statistic is not
 * calibrated by a λ, or z is none.
 */
export function appliedLambda({
  statistic,
  z,
  z_calibrated: calibrated,
}: Pick<ComponentVerdict, 'statistic' | 'z' | 'z_calibrated'>): number | null {
  if (statistic === null || !CALIBRATED_AS.has(statistic) || z === null || calibrated === null) return null;
  return calibrated === 0 ? null : (z / calibrated) ** 2;
}

/**
 * λ measured for the kind of a record's statistic at the width of its residual stream. Null where the audit has none: the
 * default λ of the rules then divides z.
 *
 * @param hiddenSize width of the subject's text layers; that of a tower is what its trace permuted.
 */
export function measuredLambda(
  { method, component }: Pick<EvidenceRecord, 'method' | 'component'>,
  evidence: readonly EvidenceRecord[],
  hiddenSize: number | null,
  calibrations: readonly Calibration[],
): Calibration | null {
  const kind = CALIBRATED_AS.get(method);
  const trace = evidence.find((record) => record.component === component && record.method === 'trace');
  const width = trace?.units ?? (component === 'vision' || component === 'audio' ? null : hiddenSize);
  const ofKind = calibrations.filter((item) => item.statistic === kind);
  return (
    ofKind.find((item) => item.width !== null && item.width === width) ??
    ofKind.find((item) => item.width === null) ??
    null
  );
}
