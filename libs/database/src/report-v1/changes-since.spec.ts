import type { ResultDocument } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { digestOf, exampleDocument } from '../../specs/example-document.js';

describeOnDatabase('report_v1', (database) => {
  const { rows } = database;
  const published = async (document: ResultDocument) => (await database.publish(document)).runId;
  const CHANGES = `reference, component, change, verdict_before, verdict_after, data_changed, declaration_changed,
    method_changed, rule_set_changed, reference_set_changed`;

  it('says that only the rule set changed when measurements are judged again', async () => {
    const audit = exampleDocument('rules');
    await published(audit);
    const rules = { ...audit.rules, id: 'round-2', digest: 'b'.repeat(64) };
    await published({ ...audit, rules, supersedes: digestOf(audit) });
    const same = {
      change: 'same',
      verdict_before: 'derived',
      verdict_after: 'derived',
      data_changed: false,
      declaration_changed: false,
      method_changed: false,
      rule_set_changed: true,
      reference_set_changed: false,
    };
    expect(
      await rows(
        `select ${CHANGES} from report_v1.changes_since where programme = 'rules' order by 1, 2 nulls first`,
      ),
    ).toEqual([
      { reference: 'base-x', component: null, ...same },
      { reference: 'base-x', component: 'attention', ...same },
      { reference: 'base-y', component: null, ...same },
      { reference: 'base-y', component: 'attention', ...same },
    ]);
  });

  it('says what moved, and that weights, method, declarations and references changed', async () => {
    const audit = exampleDocument('release');
    await published(audit);
    const [first, second] = audit.pairs;
    if (first === undefined || second === undefined) throw new Error('the example has no pairs');
    const next: ResultDocument = {
      ...audit,
      statements: [],
      tool: { ...audit.tool, version: '0.2.0' },
      // A new release of the subject, and another reference in place of the first.
      models: audit.models.map((model) =>
        model.role === 'subject'
          ? { ...model, fingerprint: '9'.repeat(64) }
          : model.id === first.reference
            ? { ...model, id: 'base-z' }
            : model,
      ),
      pairs: [
        { ...first, reference: 'base-z', verdict: { ...first.verdict, reference: 'base-z' } },
        {
          ...second,
          verdict: {
            ...second.verdict,
            verdict: 'no_link_found',
            declared: true,
            components: second.verdict.components.map((part) => ({ ...part, verdict: 'identical' as const })),
          },
        },
      ],
    };
    const run = await published(next);
    const all = { method_changed: true, rule_set_changed: false, reference_set_changed: true };
    const moved = { data_changed: true, declaration_changed: true, verdict_before: 'derived', ...all };
    const gone = { data_changed: null, declaration_changed: null, ...all };
    const expected = [
      {
        reference: 'base-x',
        component: null,
        change: 'less_severe',
        verdict_after: 'no_link_found',
        ...moved,
      },
      {
        reference: 'base-x',
        component: 'attention',
        change: 'more_severe',
        verdict_after: 'identical',
        ...moved,
      },
      {
        reference: 'base-y',
        component: null,
        change: 'removed',
        verdict_before: 'derived',
        verdict_after: null,
        ...gone,
      },
      {
        reference: 'base-y',
        component: 'attention',
        change: 'removed',
        verdict_before: 'derived',
        verdict_after: null,
        ...gone,
      },
      {
        reference: 'base-z',
        component: null,
        change: 'added',
        verdict_before: null,
        verdict_after: 'derived',
        ...gone,
      },
      {
        reference: 'base-z',
        component: 'attention',
        change: 'added',
        verdict_before: null,
        verdict_after: 'derived',
        ...gone,
      },
    ];
    const ordered = 'order by 1, 2 nulls first';
    expect(
      await rows(`select ${CHANGES} from report_v1.changes_since where run_id = ${run} ${ordered}`),
    ).toEqual(expected);
    expect(
      await rows(`select distinct references_added, references_removed from report_v1.changes_since
        where run_id = ${run}`),
    ).toEqual([{ references_added: ['base-z'], references_removed: ['base-y'] }]);
    expect(
      await rows(`select ${CHANGES} from report_v1.changes_between(${run}, ${run}) where change <> 'same'`),
    ).toEqual([]);
    expect(
      await rows(`select count(*)::int as n from report_v1.changes_between(${run - 1}, ${run})`),
    ).toEqual([{ n: 6 }]);
    expect(
      await rows(`select outcome, previous_outcome, criteria_passed::int as passed, criteria_failed::int as failed,
        criteria_not_provided::int as missing from report_v1.leaderboard where run_id = ${run}`),
    ).toEqual([{ outcome: 'derived', previous_outcome: 'derived', passed: 0, failed: 1, missing: 1 }]);
  });

  it('shows tensors, criteria, training, self-tests and alignments of a run', async () => {
    const run = await published(exampleDocument('views'));
    const of = `from report_v1`;
    expect(
      await rows(`select record_id, tensor_key, layer, role, status, reason, r, identical ${of}.tensor_results
        where run_id = ${run} and reference = 'base-x' and record_id = 'r1' order by tensor_key`),
    ).toEqual(
      [
        { layer: 0, role: 'attn.q', status: 'measured', reason: null, r: 30.5, identical: false },
        { layer: 1, role: 'attn.q', status: 'measured', reason: null, r: 30.5, identical: true },
        { layer: 2, role: 'attn.q', status: 'skipped', reason: 'shape', r: null, identical: null },
      ].map((row) => ({ record_id: 'r1', tensor_key: `text|${row.layer}|attn.q|-|weight`, ...row })),
    );
    expect(
      await rows(`select criterion, title_ko, outcome, reason_codes, record_ids ${of}.rule_evaluations
        where run_id = ${run} order by position`),
    ).toEqual([
      {
        criterion: 'own-weights',
        title_ko: '자체 가중치',
        outcome: 'fail',
        reason_codes: ['inherited'],
        record_ids: ['r1', 'r,"2'],
      },
      {
        criterion: 'licence',
        title_ko: '라이선스',
        outcome: 'not_provided',
        reason_codes: [],
        record_ids: [],
      },
    ]);
    expect(await rows(`select test, outcome, figures ${of}.training_tests where run_id = ${run}`)).toEqual([
      {
        test: 'step0_initialisation',
        outcome: 'fail',
        figures: [{ name: 'skew', value: 0.5, relation: 'at_most', limit: 0.1, at: 'a\uFFFDb' }],
      },
    ]);
    expect(
      await rows(`select record_id, status, z ${of}.self_tests where run_id = ${run} order by 1`),
    ).toEqual([
      { record_id: 's1', status: 'measured', z: 12 },
      { record_id: 's2', status: 'degenerate', z: null },
    ]);
    expect(await rows(`select distinct kind, record_ids ${of}.alignments where run_id = ${run}`)).toEqual([
      { kind: 'permutation', record_ids: ['r1', 'r,"2'] },
    ]);
    expect(
      await rows(`select statistic, component, lambda, calibrated ${of}.null_distributions
        where run_id = ${run} order by 1, 2 nulls first`),
    ).toEqual([
      { statistic: 'gram', component: null, lambda: 1, calibrated: false },
      { statistic: 'trace', component: null, lambda: 1.25, calibrated: true },
      { statistic: 'trace', component: 'attention', lambda: 1.5, calibrated: true },
      { statistic: 'trace', component: 'norms', lambda: null, calibrated: false },
    ]);
  });
});
