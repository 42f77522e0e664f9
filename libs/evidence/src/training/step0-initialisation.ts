import type { Checkpoint, LogicalTensor, ObjectStore, TensorBackend, TrainingTest } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import type { DeclaredInitialisation, InitialLaw } from '@jokbo/models';
import { zFromLog10P } from '@jokbo/statistics';
import { countPatterns, type PatternCounts } from './count-patterns.js';
import { declaredLaw } from './declared-law.js';
import { kolmogorovDistance, log10KolmogorovP } from './kolmogorov.js';
import { lawDistribution, type LawDistribution } from './law-distribution.js';
import { addSums, momentScores } from './power-sums.js';
import { log10TracyWidomP, spectralEdgeScore } from './spectral-edge.js';
import { mappedTensors, openElements } from './stored-elements.js';
import { context, createFindings, judged, largest, limited, notProvided } from './training-test.js';
import { cellFormat, valueCells } from './value-cells.js';

/** Probability that an honest start fails by chance, over all tensors and statistics together. */
const FAMILY_ERROR = 1e-3;

/** Least share of the parameters that must have a declared law: a law for norms alone says nothing. */
const MIN_SHARE = 0.95;

/** Statistics of one tensor: four moments, distribution, spectral edge. */
const STATISTICS = ['mean', 'deviation', 'skewness', 'kurtosis', 'distribution', 'spectral_edge'] as const;
type Statistic = (typeof STATISTICS)[number];

export interface Step0Inputs {
  readonly checkpoint: Checkpoint;
  readonly store: ObjectStore;
  /** Fingerprint of the same checkpoint, for the samples of the spectral edge. */
  readonly data: ModelData;
  readonly init: DeclaredInitialisation | null;
  readonly backend: TensorBackend;
  readonly signal?: AbortSignal | undefined;
}

interface Measured {
  readonly at: string;
  readonly scores: Partial<Record<Statistic, number>>;
}

/**
 * Step 0 against its declared initialisation. Every element of every tensor with a declared law: mean, standard
 * deviation, skewness and kurtosis about the declared parameters, Kolmogorov–Smirnov over the counted patterns,
 * largest singular value of the fingerprint's sample against the Tracy–Widom edge; the same over all tensors of one
 * law together; constants (γ = 1, bias = 0) exactly. Each statistic becomes a normal score; the limit is that of
 * Bonferroni over all of them. Null: elements independent, of the declared law.
 */
export async function step0Initialisation(inputs: Step0Inputs): Promise<TrainingTest> {
  const { checkpoint, store, init, backend, signal } = inputs;
  const test = 'step0_initialisation';
  if (init === null) return notProvided(test, 'initialisation-not-declared');
  const reader = openElements(checkpoint, store, signal);
  const measured: Measured[] = [];
  const pooled = new Map<string, { readonly law: LawDistribution; counts: PatternCounts }>();
  let parameters = 0;
  let tested = 0;
  let wrongConstants = 0;
  let firstWrong: string | null = null;
  let notFinite = 0;
  try {
    for (const { stored, parts } of mappedTensors(checkpoint)) {
      const elements = stored.shape.reduce((product, size) => product * size, 1);
      parameters += elements;
      const law = commonLaw(init, parts);
      const format = cellFormat(stored.dtype);
      if (law === null || format === null || elements === 0) continue;
      tested += elements;
      const counts = await countPatterns(reader.pieces(stored), format, backend);
      notFinite += counts.notFinite;
      const distribution = lawDistribution(law);
      if (distribution === null) {
        if (isConstant(counts, law)) continue;
        wrongConstants += 1;
        firstWrong ??= stored.name;
        continue;
      }
      measured.push({ at: stored.name, scores: distributionScores(counts, distribution) });
      for (const part of parts) {
        const edge = await edgeScore(part, distribution, inputs);
        if (edge !== null) measured.push({ at: part.key, scores: { spectral_edge: edge } });
      }
      const key = `${format}|${JSON.stringify(law)}`;
      const held = pooled.get(key);
      pooled.set(key, {
        law: distribution,
        counts: held === undefined ? counts : added(held.counts, counts),
      });
    }
  } finally {
    await reader.close();
  }
  for (const { law, counts } of pooled.values()) {
    measured.push({ at: `all of σ ${law.sigma}`, scores: distributionScores(counts, law) });
  }
  const tests = measured.reduce((sum, { scores }) => sum + Object.keys(scores).length, 0);
  const share = parameters === 0 ? 0 : tested / parameters;
  const about = [
    context('tensors', measured.filter(({ scores }) => scores.mean !== undefined).length - pooled.size),
    context('tests', tests),
    context('parameters', tested),
    context('share_tested', share),
  ];
  if (tests === 0) return notProvided(test, 'no-law-declared-for-any-matrix', about);
  const limit = zFromLog10P(Math.log10(FAMILY_ERROR / tests));
  const figures = [
    limited('not_finite', notFinite, 'at_most', 0),
    limited('wrong_constants', wrongConstants, 'at_most', 0, firstWrong),
    ...STATISTICS.map((statistic) => {
      const extreme = largest();
      for (const { at, scores } of measured) extreme.add(Math.abs(scores[statistic] ?? Number.NaN), at);
      return limited(`largest_${statistic}_z`, extreme.value, 'at_most', limit, extreme.at);
    }),
    ...about,
  ];
  const outcome = judged(test, figures, createFindings(), 'no-law-declared-for-any-matrix');
  return outcome.outcome === 'pass' && share < MIN_SHARE
    ? notProvided(test, 'law-declared-for-too-few', figures)
    : outcome;
}

/** The law that all parts of a stored tensor have; null where they differ or have none. */
function commonLaw(init: DeclaredInitialisation, parts: readonly LogicalTensor[]): InitialLaw | null {
  const laws = parts.map((part) => (part.scales === null ? declaredLaw(init, part) : null));
  const [first = null] = laws;
  return laws.every((law) => JSON.stringify(law) === JSON.stringify(first)) ? first : null;
}

function distributionScores(counts: PatternCounts, law: LawDistribution): Measured['scores'] {
  const { n, distance } = kolmogorovDistance(counts.counts, valueCells(counts.format), law);
  if (n === 0) return {};
  return { ...momentScores(counts.sums, law), distribution: zFromLog10P(log10KolmogorovP(distance, n)) };
}

async function edgeScore(
  part: LogicalTensor,
  law: LawDistribution,
  { data, backend }: Step0Inputs,
): Promise<number | null> {
  const factor = await data.factor(part.key);
  if (factor === null) return null;
  const score = await spectralEdgeScore(factor.view, law.sigma, backend);
  return score === null ? null : zFromLog10P(log10TracyWidomP(score));
}

/** Every element is the declared constant, −0 counting as 0; a law without spread is the constant 0. */
function isConstant({ counts, format, sums, notFinite }: PatternCounts, law: InitialLaw): boolean {
  const constant = law.kind === 'constant' ? law.value : 0;
  const [n, sum, squares] = sums;
  // Half a pattern of F32 does not tell 1 from its neighbours; the sums of a constant do.
  if (sum !== n * constant || squares !== n * constant * constant) return false;
  const { patterns, values } = valueCells(format);
  let equal = 0;
  patterns.forEach((pattern, index) => {
    if (values[index] === constant) equal += counts[pattern] ?? 0;
  });
  return equal === n && notFinite === 0;
}

function added(a: PatternCounts, b: PatternCounts): PatternCounts {
  return {
    format: a.format,
    counts: a.counts.map((count, pattern) => count + (b.counts[pattern] ?? 0)),
    sums: addSums(a.sums, b.sums),
    notFinite: a.notFinite + b.notFinite,
  };
}
