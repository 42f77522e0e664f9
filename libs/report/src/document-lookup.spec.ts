import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { coverageShare, excludedR, lambdaOf, leaderboardComponents, lookUp } from './document-lookup.js';

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

  it('chooses the calibration of the kind and the width', () => {
    expect(lambdaOf('balanced_trace', 4096, document.calibration)?.lambda).toBe(1.07);
    expect(lambdaOf('trace', 5120, document.calibration)).toBeNull();
    expect(lambdaOf('residual_gram', 5120, document.calibration)?.calibrated).toBe(false);
    expect(lambdaOf('byte_identity', 4096, document.calibration)).toBeNull();
    expect(lambdaOf(null, 4096, document.calibration)).toBeNull();
  });

  it('has no coverage where nothing was counted', () => {
    expect(coverageShare(undefined)).toBeNull();
    expect(coverageShare(lookup.modelOf('boreal'))).toBe(1);
  });
});
