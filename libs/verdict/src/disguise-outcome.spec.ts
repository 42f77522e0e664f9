import { describe, expect, it } from 'vitest';
import { block, calibratedStatistic, caseOf, PARAMETERS, record } from '../specs/case.js';
import { componentVerdict } from './component-verdict.js';

const families = [
  calibratedStatistic({ method: 'awm' }),
  calibratedStatistic({ method: 'mdir', record: { component: 'embedding' } }),
];

const quiet = [record('trace')];

describe('tier 3 in the verdict of a component', () => {
  it('makes what follows a recovered alignment derived, and shows the statistic that decided', () => {
    const found = componentVerdict(caseOf(quiet, { disguise: [calibratedStatistic()] }));
    expect(found).toMatchObject({
      verdict: 'derived',
      type: null,
      statistic: 'residual_rotation',
      z: 60,
      z_calibrated: 40,
      log10_p: null,
      log10_p_adjusted: null,
      parameters_linked: PARAMETERS,
    });
    expect(found.reasons[0]?.code).toBe('aligned-inherited');
    expect(found.reasons[0]?.text).toContain('rotation');
  });

  it('counts the parameters of the blocks that follow where they are few', () => {
    const some = calibratedStatistic({ record: { blocks: [block(0.3, 60, 0.9), block(0.7, 1, 0)] } });
    expect(componentVerdict(caseOf(quiet, { disguise: [some] }))).toMatchObject({
      verdict: 'partially_derived',
      parameters_linked: 0.3 * PARAMETERS,
    });
  });

  it('is of common origin where all follow together and no block does alone', () => {
    const weak = calibratedStatistic({ record: { blocks: [block(1, 5, 0.3)] } });
    expect(componentVerdict(caseOf(quiet, { disguise: [weak] }))).toMatchObject({
      verdict: 'common_origin',
      type: 'unresolved',
      parameters_linked: 0,
    });
  });

  it('takes two agreeing families for a common origin, only while no primary rejects', () => {
    expect(componentVerdict(caseOf(quiet, { disguise: families }))).toMatchObject({
      verdict: 'common_origin',
      type: 'fingerprint families agree',
    });
    expect(componentVerdict(caseOf(quiet, { disguise: families.slice(0, 1) })).verdict).toBe('no_link_found');
    const small = [record('trace', { z: 40, r: 0.05 })];
    const rejecting = componentVerdict(caseOf(small, { disguise: families }));
    expect(rejecting).toMatchObject({ verdict: 'common_origin', type: 'unresolved' });
  });

  it('accuses nobody by families that no alike control holds back', () => {
    const apart = families.map((statistic) => ({ ...statistic, alike: 0, counts: false }));
    const tier3 = 'required' as const;
    expect(componentVerdict(caseOf(quiet, { tier3, disguise: apart })).verdict).not.toBe('common_origin');
  });

  it('raises a weaker class of tier 1 and keeps its reasons', () => {
    const small = [record('trace', { z: 40, r: 0.05 })];
    const found = componentVerdict(caseOf(small, { disguise: [calibratedStatistic()] }));
    expect(found.verdict).toBe('derived');
    expect(found.reasons.map(({ code }) => code)).toEqual(['aligned-inherited', 'dependent']);
  });

  it('names a recovered order beside what tier 1 decided, and no order that was kept', () => {
    const derived = [record('residual_gram', { z: 300, r: 0.99 })];
    const codes = (alignment: string) => {
      const details = { alignment };
      const found = componentVerdict(
        caseOf(derived, { disguise: [calibratedStatistic({ record: { details } })] }),
      );
      expect(found).toMatchObject({ verdict: 'derived', statistic: 'residual_gram' });
      return found.reasons.map(({ code }) => code);
    };
    expect(codes('hidden units permuted, experts permuted')).toEqual(['gram-inherited', 'aligned-inherited']);
    expect(codes('heads permuted')).toEqual(['gram-inherited', 'aligned-inherited']);
    expect(codes('identity')).toEqual(['gram-inherited']);
  });

  it('leaves a shared start what it is', () => {
    const started = [
      record('trace', { z: 90, r: 0.6, blocks: [block(1, 90, 0.6)] }),
      record('start_split', { details: { r_bulk: 0.7, q: 0.2 } }),
      record('trace', { component: 'norms', z: 9, r: 0.1 }),
    ];
    expect(componentVerdict(caseOf(started, { disguise: [calibratedStatistic()] }))).toMatchObject({
      verdict: 'common_origin',
      type: 'shared initialisation',
    });
  });

  it('does not call a component clean while others follow an alignment that it cannot be tested under', () => {
    const elsewhere = calibratedStatistic({ record: { component: 'mlp' } });
    expect(componentVerdict(caseOf(quiet, { disguise: [elsewhere] }))).toMatchObject({
      verdict: 'inconclusive',
      reasons: [{ code: 'disguise-elsewhere' }],
    });
  });
});
