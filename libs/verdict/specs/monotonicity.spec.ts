import { VERDICTS, type EvidenceRecord, type Method, type VerdictClass } from '@jokbo/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { componentVerdict } from '../src/component-verdict.js';
import { leaderboard } from '../src/leaderboard.js';
import { rollUp } from '../src/roll-up.js';
import { DEFAULT_THRESHOLDS } from '../src/rule-set.js';
import { block, bytes, CALIBRATED, caseOf, componentOf, pairOf, pairVerdict, record } from './case.js';

/** Figures of a component's evidence that a finding could be read from. */
interface Figures {
  readonly trace: { readonly z: number; readonly r: number };
  readonly gram: { readonly z: number; readonly r: number };
  readonly hidden: { readonly z: number; readonly r: number };
  readonly blocks: readonly { readonly z: number; readonly r: number }[];
  readonly identical: number;
  readonly matched: number;
}

const statistic = fc.record({
  z: fc.oneof(fc.double({ min: 0, max: 12, noNaN: true }), fc.double({ min: 0, max: 400, noNaN: true })),
  r: fc.oneof(fc.double({ min: 0, max: 0.005, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
});

const figures: fc.Arbitrary<Figures> = fc.record({
  trace: statistic,
  gram: statistic,
  hidden: statistic,
  blocks: fc.array(statistic, { minLength: 1, maxLength: 5 }),
  identical: fc.constantFrom(0, 0, 0, 0.1, 0.6, 1),
  matched: fc.constantFrom(0.3, 1),
});

function recordsOf(found: Figures): EvidenceRecord[] {
  const primary = (method: Method, { z, r }: { z: number; r: number }, more: Partial<EvidenceRecord> = {}) =>
    record(method, { z, r, ...more });
  return [
    bytes(found.identical),
    primary('trace', found.trace, {
      parameters: found.matched * 1e6,
      blocks: found.blocks.map(({ z, r }, index) => block(0.9 / found.blocks.length, z, r, `block ${index}`)),
    }),
    primary('residual_gram', found.gram),
    primary('hidden_gram', found.hidden),
  ];
}

function severity(found: Figures, calibrated: boolean): number {
  const calibration = calibrated ? CALIBRATED : [];
  return VERDICTS.indexOf(componentVerdict(caseOf(recordsOf(found), { calibration })).verdict);
}

const up = fc.double({ min: 0, max: 300, noNaN: true });
const upR = fc.double({ min: 0, max: 1, noNaN: true });

describe('a component verdict is never less severe', () => {
  it('when |z| or r of any statistic or block rises', () => {
    fc.assert(
      fc.property(figures, fc.nat(), up, upR, fc.boolean(), (found, which, dz, dr, calibrated) => {
        const raise = ({ z, r }: { z: number; r: number }) => ({ z: z + dz, r: Math.min(1, r + dr) });
        const names = ['trace', 'gram', 'hidden'] as const;
        const target = which % (names.length + found.blocks.length);
        const name = names[target];
        const raised: Figures =
          name === undefined
            ? {
                ...found,
                blocks: found.blocks.map((one, index) =>
                  index === target - names.length ? raise(one) : one,
                ),
              }
            : { ...found, [name]: raise(found[name]) };
        expect(severity(raised, calibrated)).toBeLessThanOrEqual(severity(found, calibrated));
      }),
      { seed: 1, numRuns: 5000 },
    );
  });

  it('when more bytes are equal', () => {
    fc.assert(
      fc.property(figures, fc.constantFrom(0.1, 0.3, 0.6, 0.995), (found, more) => {
        const identical = Math.min(1, found.identical + more);
        expect(severity({ ...found, identical }, true)).toBeLessThanOrEqual(severity(found, true));
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('and does not depend on the sign of z and r of the trace', () => {
    fc.assert(
      fc.property(figures, (found) => {
        const turned = { ...found, trace: { z: -found.trace.z, r: -found.trace.r } };
        expect(severity(turned, true)).toBe(severity(found, true));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

const verdictClass = fc.constantFrom(...VERDICTS);
const POSITIVE = VERDICTS.slice(0, 4);

describe('a release', () => {
  it('with a positive component is positive, whatever its neighbours are', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...POSITIVE),
        verdictClass,
        verdictClass,
        fc.integer({ min: 1, max: 1000 }),
        (hit: VerdictClass, mlp, head, parameters) => {
          const components = [
            componentOf('attention', hit, parameters),
            componentOf('mlp', mlp, 100),
            componentOf('head', head, 100),
          ];
          expect(POSITIVE).toContain(
            rollUp(components, pairOf([]), DEFAULT_THRESHOLDS, () => false, 1).verdict,
          );
        },
      ),
      { seed: 4, numRuns: 1000 },
    );
  });

  it('never rises on the leaderboard by an undeclared reference more, or by declaring another', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ verdict: verdictClass, declared: fc.boolean() }), { maxLength: 5 }),
        fc.record({ verdict: verdictClass, declared: fc.constant(false) }),
        (pairs, added) => {
          const subject = { id: 'a', team: 'a', release: 'a', source: 'a', lineage: [], training: null };
          const outcome = (list: readonly { verdict: VerdictClass; declared: boolean }[]) => {
            const verdicts = list.map(({ verdict, declared }, index) =>
              pairVerdict('a', `r${index}`, verdict, { declared }),
            );
            return leaderboard([subject], verdicts)[0];
          };
          const row = outcome([...pairs, added]);
          expect(VERDICTS.indexOf(row?.outcome ?? 'not_comparable')).toBeLessThanOrEqual(
            VERDICTS.indexOf(added.verdict),
          );
          if (POSITIVE.includes(added.verdict)) expect(row?.declared).toBe(false);
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});
