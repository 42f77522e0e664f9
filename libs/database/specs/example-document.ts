import {
  canonicalJson,
  type EvidenceRecord,
  type ModelSummary,
  type PairResult,
  type ResultDocument,
  type TrainingSection,
} from '@jokbo/contracts';
import { createHash } from 'node:crypto';
import { exampleFingerprint } from './example-fingerprint.js';
import { decidingRules } from './deciding-rules.js';

function model(id: string, role: 'subject' | 'reference'): ModelSummary {
  return {
    id,
    name: `Model ${id}`,
    role,
    team: role === 'subject' ? '가나다 팀' : null,
    family: role === 'reference' ? id : null,
    model_type: 'llama',
    architecture: 'listed',
    hidden_size: 128,
    layers: 4,
    parameters: 9_007_199_254_740_000,
    bytes: 512,
    fingerprint: exampleFingerprint(role).digest,
    files: ['1', '2'].map((shard) => ({ path: `${shard}.safetensors`, size: 256, digest: shard.repeat(64) })),
    parameters_by_component: { attention: 200, norms: 56 },
    coverage: {
      tensors: 12,
      mapped: 10,
      parameters: 256,
      parameters_mapped: 250,
      // A name that a hostile header could hold: Postgres has no NUL, no lone surrogate, and quotes need care.
      excluded: [
        { stored: 'x\0"{},\\NULL', reason: 'unmapped-name', parameters: 3 },
        { stored: '\ud800', reason: 'buffer', parameters: 3 },
      ],
      excluded_more: 1,
    },
    findings: ['surplus shard', 'dtype against config'],
  };
}

function record(id: string, z: number | null): EvidenceRecord {
  return {
    id,
    method: 'trace',
    tier: 2,
    component: 'attention',
    primary: true,
    status: z === null ? 'degenerate' : 'measured',
    reason: z === null ? 'constant' : null,
    mode: 'sampled',
    null_hypothesis: 'residual dimensions (128)',
    z,
    log10_p: z === null ? null : -312.25,
    r: z === null ? null : 0.1 + 0.2,
    r_interval: z === null ? null : [0.25, 0.35],
    r_min: 0.01,
    n_eff: 1234.5,
    units: 128,
    ceiling: 40,
    tensors: 4,
    features: 8192,
    parameters: 200,
    layer_map: 'identity',
    maps_tried: 1,
    blocks: [0, 1].map((layer) => ({
      key: `text|${layer}|attn.q|-|weight`,
      reference_key: `text|${layer}|attn.q|-|weight`,
      z,
      r: z,
      parameters: 50,
      identical: layer === 1,
    })),
    skipped: [{ key: 'text|2|attn.q|-|weight', reason: 'shape' }],
    scrambles: z === null ? [] : [-0.5, 0.25],
    details: { depth: 8, note: 'a\0b', missing: null },
  };
}

function pair(reference: string): PairResult {
  const control = { component: 'attention', method: 'trace', model: 'other' } as const;
  const reason = { code: 'primary-positive', records: ['r1', 'r,"2'], text: 'z over 8' };
  return {
    subject: 'team-a',
    reference,
    mode: 'full',
    verdict: {
      subject: 'team-a',
      reference,
      verdict: 'derived',
      declared: false,
      comparable_share: 1,
      linked_share: 0.75,
      components: [
        {
          component: 'attention',
          verdict: 'derived',
          type: null,
          statistic: 'trace',
          z: 30.5,
          z_calibrated: 29,
          log10_p: -312.25,
          log10_p_adjusted: -311,
          r: 0.30000000000000004,
          r_interval: [0.25, 0.35],
          r_min: 0.01,
          r_required: 0.05,
          n_eff: 1234.5,
          tensors: 4,
          parameters: 200,
          parameters_linked: 200,
          bytes_identical: 0,
          reasons: [reason],
        },
      ],
      controls: [
        { ...control, id: 'neg', kind: 'negative', must: '|z| < 4', z: 0.5, r: 0, passed: true, note: null },
        {
          ...control,
          id: 'pos',
          kind: 'positive',
          must: 'z > 8',
          z: null,
          r: null,
          passed: null,
          note: 'not due',
        },
      ],
      reasons: [reason],
    },
    evidence: [record('r1', 30.5), record('r,"2', null)],
    maps: [
      {
        component: 'attention',
        role: 'attn.q',
        rows: 2,
        columns: 3,
        cosine: [0.9, 0.8, null, 1, 0.1, 1e-50],
        r: [1, 0, null, 0.5, 0.25, 0],
        z: [9, 0, null, 4, 2, 1e40],
        diagonal_z: 5,
        diagonal_log10_p: -7,
      },
    ],
    alignments: [
      {
        kind: 'permutation',
        name: 'residual, permuted',
        digest: 'e'.repeat(64),
        file: 'alignments/e.bin',
        records: ['r1', 'r,"2'],
      },
    ],
    reproduce: `jokbo compare team-a ${reference}`,
  };
}

function training(): TrainingSection {
  const point = { step: 0, path: '.', tokens: 1e13, eval_loss: 2.5, fingerprint: 'f'.repeat(64) };
  return {
    subject: 'team-a',
    records: {
      training_json: true,
      checkpoints: 1,
      history_files: ['history, "1".csv'],
      wandb_files: [],
      log_rows: null,
    },
    points: [
      {
        ...point,
        start_z: 9,
        start_r: 0.5,
        start_share: 0.25,
        previous_z: null,
        previous_cosine: null,
        previous_step_ratio: null,
        references: [{ reference: 'base-x', joint_z: 1.5, primary_z: null }],
      },
    ],
    tests: [
      {
        test: 'step0_initialisation',
        outcome: 'fail',
        reason: 'skew',
        figures: [{ name: 'skew', value: 0.5, relation: 'at_most', limit: 0.1, at: 'a\0b' }],
        findings: [{ code: 'odd', at: null, value: '\ud800' }],
        findings_more: 2,
      },
    ],
    unreadable: [{ object: 'run.wandb', message: 'crc' }],
  };
}

/** A small result document that has something in every table, with what a hostile checkpoint could hold. */
export function exampleDocument(name: string): ResultDocument {
  return {
    schema_version: 1,
    tool: { name: 'jokbo', version: '0.1.0', sampling: 's1' },
    programme: { name, language: 'ko', digest: 'c'.repeat(64) },
    rules: {
      ...decidingRules,
      criteria: [
        {
          id: 'own-weights',
          kind: 'technical',
          title: { ko: '자체 가중치', en: 'Own weights' },
          test: 'components',
          components: [],
          fail_on: 'derived',
        },
        {
          id: 'licence',
          kind: 'ethical',
          title: { ko: '라이선스', en: 'Licence' },
          test: 'licence',
          allowed: ['apache-2.0'],
        },
      ],
    },
    leaderboard: [
      {
        team: '가나다 팀',
        release: 'A 100B',
        subject: 'team-a',
        outcome: 'derived',
        declared: false,
        components: [
          { component: 'attention', verdict: 'derived', nearest: 'base-x', z: 30.5 },
          { component: 'norms', verdict: 'inconclusive', nearest: null, z: null },
        ],
        linked_share: 0.75,
        nearest: 'base-x',
        comparable_references: 2,
        references: 2,
        controls_passed: 2,
        controls_due: 2,
      },
    ],
    models: [model('team-a', 'subject'), model('base-x', 'reference'), model('base-y', 'reference')],
    calibration: [
      {
        statistic: 'trace',
        width: 128,
        lambda: 1.25,
        calibrated: true,
        pairs: 3,
        z: [-1.5, 0, 1.5],
        components: [
          { component: 'attention', lambda: 1.5, pairs: 20, z: [-2, 2] },
          { component: 'norms', lambda: null, pairs: 0, z: [] },
        ],
      },
      { statistic: 'gram', width: null, lambda: 1, calibrated: false, pairs: 0, z: [] },
    ],
    pairs: [pair('base-y'), pair('base-x')],
    evaluations: [
      {
        subject: 'team-a',
        criteria: [
          {
            id: 'own-weights',
            kind: 'technical',
            outcome: 'fail',
            reasons: [
              { code: 'inherited', records: ['r1', 'r,"2'], text: 'attention derives from "base-x"' },
            ],
          },
          { id: 'licence', kind: 'ethical', outcome: 'not_provided', reasons: [] },
        ],
      },
    ],
    training: [training()],
    self_tests: [{ subject: 'team-a', records: [record('s1', 12), record('s2', null)] }],
    statements: [
      {
        subject: 'team-a',
        declared: [
          {
            from: 'base-x',
            reference: 'base-x',
            components: ['attention', 'norms'],
            note: 'said so',
            date: '2026-01-05',
            author: '가나다 팀',
          },
          { from: 'a "paper"', reference: null, components: [], note: null, date: null, author: null },
        ],
        replies: [
          {
            reference: 'base-x',
            component: 'attention',
            date: '2026-01-12',
            author: "O'Neil; drop table run",
            text: 'We, "did".\n\\.\0{NULL}',
          },
          { reference: 'base-y', component: null, date: '2026-01-13', author: 'B', text: 'No.' },
          { reference: null, component: 'norms', date: '2026-01-13', author: 'B', text: 'No.' },
          { reference: null, component: null, date: '2026-01-14', author: 'B', text: 'No.' },
        ],
      },
    ],
    failures: {
      models: [
        {
          ...{ id: 'gone', name: 'Gone "base"', role: 'reference', team: null },
          ...{ code: 'MalformedCheckpoint', rule: 'header', object: 'models/gone', tensor: 'w\0"' },
          message: 'the header is cut',
        },
      ],
      comparisons: [
        {
          ...{ kind: 'negative', subject: 'base-x', reference: 'base-y', mode: 'full' },
          ...{ code: 'ObjectChanged', rule: null, object: null, tensor: null },
          message: 'another version',
        },
      ],
    },
    caveats: ['Sampled "only"', 'two, teams'],
  };
}

/** SHA-256 of the document's canonical JSON, in hex. */
export const digestOf = (document: ResultDocument): string =>
  createHash('sha256').update(canonicalJson(document)).digest('hex');
