import type { InitialLaw } from '@jokbo/models';
import { erfc } from '@jokbo/statistics';

/** A law as the tests need it. Moments are of the standardised variable x/σ; odd ones are zero. */
export interface LawDistribution {
  /** Standard deviation σ. */
  readonly sigma: number;
  /** P(X <= x). */
  readonly cumulative: (x: number) => number;
  /** E (X/σ)^k for k = 2, 4, 6, 8 and 12. */
  readonly moments: Readonly<Record<2 | 4 | 6 | 8 | 12, number>>;
}

/** Φ(z). */
function normalCumulative(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** The distribution of a law; null for a constant, and for one without spread. */
export function lawDistribution(law: InitialLaw): LawDistribution | null {
  switch (law.kind) {
    case 'normal':
      return law.std > 0 ? normal(law.std) : null;
    case 'uniform':
      return law.bound > 0 ? uniform(law.bound) : null;
    case 'truncated_normal':
      return law.std > 0 ? truncated(law.std, law.cutoff) : null;
    case 'constant':
      return null;
  }
}

function normal(sigma: number): LawDistribution {
  return {
    sigma,
    cumulative: (x) => normalCumulative(x / sigma),
    moments: { 2: 1, 4: 3, 6: 15, 8: 105, 12: 10_395 },
  };
}

/** On ± bound: σ = bound/√3, E (X/σ)^k = √3^k/(k + 1). */
function uniform(bound: number): LawDistribution {
  const moment = (k: number): number => 3 ** (k / 2) / (k + 1);
  return {
    sigma: bound / Math.sqrt(3),
    cumulative: (x) => Math.min(1, Math.max(0, (x / bound + 1) / 2)),
    moments: { 2: 1, 4: moment(4), 6: moment(6), 8: moment(8), 12: moment(12) },
  };
}

/** A normal cut at ± c: by parts, m_k = (k − 1) m_{k−2} − 2 c^{k−1} φ(c)/(2Φ(c) − 1). */
function truncated(std: number, cutoff: number): LawDistribution {
  const inside = 1 - erfc(cutoff / Math.SQRT2);
  const edge = (2 * Math.exp(-(cutoff * cutoff) / 2)) / Math.sqrt(2 * Math.PI) / inside;
  const raw = [1];
  for (let k = 2; k <= 12; k += 2) {
    raw[k / 2] = (k - 1) * (raw[k / 2 - 1] ?? Number.NaN) - edge * cutoff ** (k - 1);
  }
  const variance = raw[1] ?? Number.NaN;
  const moment = (k: number): number => (raw[k / 2] ?? Number.NaN) / variance ** (k / 2);
  return {
    sigma: std * Math.sqrt(variance),
    cumulative: (x) => {
      const z = Math.min(cutoff, Math.max(-cutoff, x / std));
      return (normalCumulative(z) - normalCumulative(-cutoff)) / inside;
    },
    moments: { 2: 1, 4: moment(4), 6: moment(6), 8: moment(8), 12: moment(12) },
  };
}
