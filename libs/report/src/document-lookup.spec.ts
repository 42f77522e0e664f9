import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import type { Component, Method } from '@jokbo/contracts';
import {
  appliedLambda,
  coverageShare,
  excludedR,
  leaderboardComponents,
  lookUp,
  measuredLambda,
} from './document-lookup.js';

describe('document lookup', () => {
  const document = resultDocument();
  const lookup = lookUp(document);

  it('finds models and pairs, and names what it does not know by its id', () => {
    expect(lookup.nameOf('orion')).toBe('Orion-34B-Base');
    expect(lookup.nameOf('__proto__')).toBe('__proto__');
    expect(lookup.pairOf('boreal', 'orion')?.mode).toBe('full');
    expect(lookup.pairOf('orion', 'boreal')).toBeUndefined();
  });

  it('orders the components of the leaderboard', () => {
    expect(leaderboardComponents(document)).toEqual([
      'embedding',
      'attention',
      'router',
      'experts',
      'norms',
      'head',
      'vision',
      'projector',
    ]);
  });

  it('excludes only what every reference without a link excludes', () => {
    expect(excludedR(document, 'cirrus', 'norms')).toBe(0.41);
    expect(excludedR(document, 'hanbit', 'router')).toBeNull();
    expect(excludedR(document, 'nobody', 'norms')).toBeNull();
  });

  it('tells the λ that divided z, whatever the calibration says of other widths', () => {
    const item = { statistic: 'hidden_gram', z: 30, z_calibrated: 30 / Math.sqrt(1.5) };
    expect(appliedLambda(item)).toBeCloseTo(1.5, 12);
    expect(appliedLambda({ ...item, z_calibrated: 30 })).toBe(1);
    expect(appliedLambda({ ...item, statistic: 'residual_permutation' })).toBeNull();
    expect(appliedLambda({ ...item, z: null, z_calibrated: null })).toBeNull();
    expect(appliedLambda({ ...item, z: 0, z_calibrated: 0 })).toBeNull();
    expect(appliedLambda({ ...item, statistic: null })).toBeNull();
  });

  it('chooses the calibration of the kind and the width', () => {
    const [some] = document.pairs[0]?.evidence ?? [];
    if (some === undefined) throw new Error('no evidence');
    const of = (
      method: Method,
      width: number | null,
      component: Component = 'mlp',
      units: number | null = null,
    ) =>
      measuredLambda(
        { method, component },
        [{ ...some, method: 'trace', component, units }],
        width,
        document.calibration,
      );
    expect(of('balanced_trace', 4096)?.lambda).toBe(1.07);
    expect(of('trace', 5120)).toBeNull();
    expect(of('residual_gram', 5120)?.calibrated).toBe(false);
    expect(of('byte_identity', 4096)).toBeNull();
    expect(of('trace', 4096, 'vision')).toBeNull();
    expect(of('trace', 4096, 'vision', 1280)).toBeNull();
    expect(of('trace', 1280, 'vision', 4096)?.lambda).toBe(1.07);
  });

  it('has no coverage where nothing was counted', () => {
    expect(coverageShare(undefined)).toBeNull();
    expect(coverageShare(lookup.modelOf('boreal'))).toBe(1);
  });
});
