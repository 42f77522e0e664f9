import type { ResultDocument } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { resultDocument } from '../specs/result-document.js';
import { resultDigest } from './export/component-rows.js';
import { diffResults } from './result-diff.js';

const before = resultDocument();
const NOTHING = { data: false, method: false, rules: false, references: false, programme: false };

/** The document with one model replaced. */
function withModel(id: string, change: Partial<ResultDocument['models'][number]>): ResultDocument {
  return {
    ...before,
    models: before.models.map((model) => (model.id === id ? { ...model, ...change } : model)),
  };
}

describe('diffResults', () => {
  it('finds nothing between a result and itself', () => {
    const diff = diffResults(before, structuredClone(before));
    expect(diff).toMatchObject({ changed: NOTHING, inputs: [], method: [], outcomes: [], verdicts: [] });
    expect(diff.unmoved).toBeGreaterThan(200);
    expect(diff.before).toBe(diff.after);
  });

  it('tells changed bytes from another measurement of the same bytes', () => {
    const files = [{ path: 'model.safetensors', size: 1, digest: 'f'.repeat(64) }];
    const data = diffResults(before, withModel('dune', { files, fingerprint: '0'.repeat(64) }));
    expect(data.changed).toEqual({ ...NOTHING, data: true });
    expect(data.inputs).toEqual([{ model: 'dune', role: 'subject', change: 'changed' }]);
    const again = withModel('dune', { fingerprint: '0'.repeat(64) });
    const method = diffResults(before, {
      ...again,
      tool: { ...before.tool, sampling: 'rows-v2', evidence: 5 },
    });
    expect(method.changed).toEqual({ ...NOTHING, method: true });
    expect(method.inputs).toEqual([{ model: 'dune', role: 'subject', change: 'measured_otherwise' }]);
    expect(method.method).toEqual([
      { name: 'sampling', before: 'rows-v1', after: 'rows-v2' },
      { name: 'evidence', before: null, after: 5 },
    ]);
  });

  it('names references that came and went, and rows of theirs', () => {
    const after = {
      ...before,
      models: before.models.filter(({ id }) => id !== 'tethys'),
      pairs: before.pairs.filter(({ reference }) => reference !== 'tethys'),
    };
    const diff = diffResults(before, after);
    expect(diff.changed).toEqual({ ...NOTHING, references: true });
    expect(diff.inputs).toEqual([{ model: 'tethys', role: 'reference', change: 'removed' }]);
    expect(diff.verdicts.length).toBeGreaterThan(0);
    expect(diff.verdicts.every(({ reference, after: now }) => reference === 'tethys' && now === null)).toBe(
      true,
    );
    const added = diffResults(after, before);
    expect(added.inputs).toEqual([{ model: 'tethys', role: 'reference', change: 'added' }]);
    expect(added.verdicts.every(({ before: old }) => old === null)).toBe(true);
    expect(diffResults(before, withModel('tethys', { family: 'other' })).changed.references).toBe(true);
  });

  it('names verdicts and outcomes that moved under other rules', () => {
    const after: ResultDocument = {
      ...before,
      supersedes: resultDigest(before),
      rules: { ...before.rules, id: 'kr-2026-02', version: 2, digest: 'b'.repeat(64) },
      leaderboard: before.leaderboard.map((row) =>
        row.subject === 'cirrus' ? { ...row, outcome: 'invalid' } : row,
      ),
      pairs: before.pairs.map((pair) =>
        pair.subject === 'cirrus' && pair.reference === 'rhea'
          ? {
              ...pair,
              verdict: {
                ...pair.verdict,
                components: pair.verdict.components.map((item) =>
                  item.component === 'head' ? { ...item, verdict: 'invalid' as const, z: null } : item,
                ),
              },
            }
          : pair,
      ),
    };
    const diff = diffResults(before, after);
    expect(diff).toMatchObject({
      supersedes: true,
      changed: { ...NOTHING, rules: true },
      rules: { before: { id: 'kr-2026-01' }, after: { id: 'kr-2026-02', version: 2 } },
      outcomes: [{ subject: 'cirrus', before: 'no_link_found', after: 'invalid' }],
    });
    expect(diff.verdicts).toEqual([
      {
        ...{ subject: 'cirrus', reference: 'rhea', component: 'head' },
        ...{
          before: 'no_link_found',
          after: 'invalid',
          z_before: expect.any(Number) as number,
          z_after: null,
        },
      },
    ]);
  });

  it('counts rows whose figures moved under the same verdict', () => {
    const after: ResultDocument = {
      ...before,
      pairs: before.pairs.map((pair, at) => ({
        ...pair,
        verdict: {
          ...pair.verdict,
          components: pair.verdict.components.map((item, place) =>
            at === 0 && place < 2 ? { ...item, log10_p: -1.5 } : item,
          ),
        },
      })),
    };
    expect(diffResults(before, before).figures_moved).toBe(0);
    expect(diffResults(before, after)).toMatchObject({ verdicts: [], figures_moved: 2 });
  });

  it('names criteria and training tests whose outcome moved', () => {
    const records = { checkpoints: 0, history_files: [], log_rows: 0, training_json: true, wandb_files: [] };
    const judged = (
      criterion: 'pass' | 'fail',
      test: 'checkpoint_digests' | 'path_smooth',
    ): ResultDocument => ({
      ...before,
      evaluations: [
        { subject: 'dune', criteria: [{ id: 'licence', kind: 'policy', outcome: criterion, reasons: [] }] },
      ],
      training: [
        {
          ...{ subject: 'dune', records, points: [], unreadable: [] },
          tests: [{ test, outcome: 'pass', reason: null, figures: [], findings: [], findings_more: 0 }],
        },
      ],
    });
    const was = judged('pass', 'checkpoint_digests');
    expect(diffResults(was, was).judgements).toEqual([]);
    expect(diffResults(was, judged('fail', 'path_smooth')).judgements).toEqual([
      { subject: 'dune', kind: 'criterion', name: 'licence', before: 'pass', after: 'fail' },
      { subject: 'dune', kind: 'training', name: 'checkpoint_digests', before: 'pass', after: null },
      { subject: 'dune', kind: 'training', name: 'path_smooth', before: null, after: 'pass' },
    ]);
  });
});
