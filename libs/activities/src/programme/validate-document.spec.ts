import {
  COMPONENTS,
  METHODS,
  POSITIVE_VERDICTS,
  TRAINING_TESTS,
  UsageError,
  VERDICTS,
  type ComponentVerdict,
  type ControlRecord,
  type Coverage,
  type EvidenceRecord,
  type ResultDocument,
} from '@jokbo/contracts';
import { DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { describe, expect, it } from 'vitest';
import { loadSchema, type SchemaName } from './load-schema.js';
import { validateComparison, validateResult } from './validate-document.js';

const HASH = '0f'.repeat(32);
const coverage: Coverage = {
  tensors: 3,
  mapped: 2,
  parameters: 30,
  parameters_mapped: 20,
  excluded: [{ stored: 'rope.inv_freq', reason: 'derived_constant', parameters: 10 }],
  excluded_more: 0,
};
const control: ControlRecord = {
  id: 'co-1',
  kind: 'negative',
  component: 'attention',
  method: 'trace',
  model: 'other',
  must: '|z| < 4',
  z: 0.5,
  r: null,
  passed: true,
  note: null,
};
const component: ComponentVerdict = {
  component: 'attention',
  verdict: 'derived',
  type: null,
  statistic: 'trace',
  z: 120.5,
  z_calibrated: 100,
  log10_p: -3153.2,
  log10_p_adjusted: -3150,
  r: 0.9,
  r_interval: [0.89, 0.91],
  r_min: 0.01,
  r_required: 0.1,
  n_eff: 1e6,
  tensors: 2,
  parameters: 20,
  parameters_linked: 20,
  bytes_identical: 0,
  reasons: [{ code: 'trace_rejects', records: ['ev-1'], text: 'the trace rejects' }],
};
const record: EvidenceRecord = {
  id: 'ev-1',
  method: 'trace',
  tier: 1,
  component: 'attention',
  primary: true,
  status: 'measured',
  reason: null,
  mode: 'sampled',
  null_hypothesis: 'residual dimensions (128)',
  z: 120.5,
  log10_p: -3153.2,
  r: 0.9,
  r_interval: [0.89, 0.91],
  r_min: 0.01,
  n_eff: 1e6,
  units: 128,
  ceiling: 500.5,
  tensors: 2,
  features: 256,
  parameters: 20,
  layer_map: 'identity',
  maps_tried: 1,
  blocks: [{ key: 'l0.q', reference_key: 'l0.q', z: 60, r: 0.9, parameters: 10, identical: false }],
  skipped: [{ key: 'l1.q', reason: 'constant' }],
  scrambles: [0.1, -1.2],
  details: { map_z: 120.5, name: 'identity', absent: null },
};
const result: ResultDocument = {
  schema_version: 1,
  tool: { name: 'jokbo', version: '0.1.0', sampling: 's1' },
  programme: { name: 'Test', language: 'en', digest: HASH },
  rules: {
    id: 'jokbo-1-tier1',
    version: 1,
    title: { ko: '1차', en: 'Round 1' },
    thresholds: DEFAULT_THRESHOLDS,
    require_tier3: false,
    criteria: [],
    digest: 'a'.repeat(64),
    tier3_run: false,
  },
  leaderboard: [
    {
      team: 'Team A',
      release: 'One',
      subject: 'one',
      outcome: 'derived',
      declared: false,
      components: [{ component: 'attention', verdict: 'derived', nearest: 'base', z: 120.5 }],
      linked_share: 1,
      nearest: 'base',
      comparable_references: 1,
      references: 1,
      controls_passed: 1,
      controls_due: 1,
    },
  ],
  models: [
    {
      id: 'one',
      name: 'One',
      role: 'subject',
      team: 'Team A',
      family: null,
      model_type: 'llama',
      architecture: 'listed',
      hidden_size: 128,
      layers: 4,
      parameters: 30,
      bytes: 60,
      fingerprint: HASH,
      files: [{ path: 'model.safetensors', size: 100, digest: HASH }],
      parameters_by_component: { attention: 20 },
      coverage,
      findings: ['config.json: odd'],
    },
  ],
  calibration: [{ statistic: 'trace', width: 128, lambda: 1.1, calibrated: true, pairs: 2, z: [-1, 1] }],
  pairs: [
    {
      subject: 'one',
      reference: 'base',
      mode: 'sampled',
      verdict: {
        subject: 'one',
        reference: 'base',
        verdict: 'derived',
        declared: false,
        comparable_share: 1,
        linked_share: 1,
        components: [component],
        controls: [control],
        reasons: [{ code: 'worst_component', records: [], text: 'attention' }],
      },
      evidence: [record],
      maps: [
        {
          component: 'attention',
          role: 'attn.q',
          rows: 1,
          columns: 2,
          cosine: [0.9, null],
          r: [0.9, null],
          z: [50, null],
          diagonal_z: null,
          diagonal_log10_p: null,
        },
      ],
      reproduce: 'jokbo compare one base',
    },
  ],
  caveats: ['tier3-waived'],
};
const comparison = {
  schema_version: 1,
  subject: 'one',
  reference: 'base',
  verdict: 'derived',
  comparable_share: 1,
  lambda: [{ statistic: 'trace', width: null, lambda: 2, calibrated: false }],
  controls: [control],
  components: [
    {
      component: 'attention',
      verdict: 'no_link_found',
      statistic: null,
      z: null,
      log10_p: null,
      r: null,
      r_interval: null,
      r_min: null,
      n_eff: null,
      tensors: 0,
      parameters: 0,
      bytes_identical: 0,
      reasons: [{ code: 'not_measured', records: [] }],
    },
  ],
  coverage: { subject: coverage, reference: coverage },
};

type Path = readonly (string | number)[];

/** Every path of a document, outermost first. */
function paths(value: unknown, path: Path = []): Path[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, index): [number, unknown] => [index, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return [path, ...entries.flatMap(([key, item]) => paths(item, [...path, key]))];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string | number, unknown>)[key], value);
}

/** A deep copy with the value at a path replaced by what `change` makes of it; undefined takes it out. */
function changed(document: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const copy: unknown = structuredClone(document);
  const key = path.at(-1);
  if (key === undefined) return change(copy);
  const parent = at(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  const value = change(parent[key]);
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else parent[key] = value;
  return copy;
}

/** Names that are data, not part of the format. */
const OPEN = new Set(['details', 'parameters_by_component']);

describe.each([
  ['result', result, validateResult],
  ['comparison', comparison, validateComparison],
] as const)('the schema of a %s', (_, document, validate) => {
  it('takes a document that has everything', () => {
    expect(() => validate(document)).not.toThrow();
  });

  it('requires every property', () => {
    for (const path of paths(document)) {
      if (typeof path.at(-1) !== 'string' || OPEN.has(String(path.at(-2)))) continue;
      expect(() => validate(changed(document, path, () => undefined)), path.join('.')).toThrow(UsageError);
    }
  });

  it('takes no further property', () => {
    for (const path of paths(document)) {
      const value = at(document, path);
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      if (path.at(-1) === 'details') continue;
      const more = changed(document, path, (inner) => ({ ...(inner as object), extra: 1 }));
      expect(() => validate(more), path.join('.')).toThrow(/extra: is not a known key/);
    }
  });

  it('takes no value of another type', () => {
    for (const path of paths(document)) {
      if (path.at(-2) === 'details') continue;
      const wrong = (value: unknown): unknown => (Array.isArray(value) ? {} : [value]);
      expect(() => validate(changed(document, path, wrong)), path.join('.')).toThrow(UsageError);
    }
  });
});

describe('validateResult', () => {
  it('names every problem by its key', () => {
    const wrong = changed(
      changed(result, ['pairs', 0, 'verdict', 'components', 0, 'bytes_identical'], () => 1.5),
      ['models', 0, 'fingerprint'],
      () => 'abc',
    );
    expect(() => validateResult(wrong)).toThrow(
      /result\.json: models\[0\]\.fingerprint: .*\nresult\.json: pairs\[0\]\.verdict\.components\[0\]\.bytes_identical: must be a whole number, got 1\.5\n2 problems/,
    );
  });

  it('takes the criteria of a rule set with their outcomes, and what the result supersedes', () => {
    const reasons = [{ code: 'clean', records: ['ev-1'], text: 'nothing' }];
    const criterion = { id: 'own', kind: 'technical', outcome: 'pass', reasons };
    const evaluated = {
      ...result,
      supersedes: 'b'.repeat(64),
      evaluations: [{ subject: 'a', criteria: [criterion] }],
    };
    expect(() => validateResult(evaluated)).not.toThrow();
    for (const path of paths(evaluated.evaluations)) {
      const whole = ['evaluations', ...path];
      if (typeof path.at(-1) !== 'string') continue;
      expect(() => validateResult(changed(evaluated, whole, () => undefined)), path.join('.')).toThrow(
        UsageError,
      );
    }
  });

  it('takes what the teams declared and answered', () => {
    const stated = {
      ...result,
      statements: [
        {
          subject: 'one',
          declared: [
            {
              from: 'base',
              reference: 'base',
              components: ['mlp'],
              note: 'n',
              date: '2026-01-05',
              author: 'A',
            },
            { from: 'a paper', reference: null, components: [], note: null, date: null, author: null },
          ],
          replies: [
            { reference: 'base', component: 'mlp', date: '2026-01-12', author: 'A', text: 'We did.' },
            { reference: null, component: null, date: '2026-01-12', author: 'A', text: 'No.' },
          ],
        },
      ],
    };
    expect(() => validateResult(stated)).not.toThrow();
    for (const path of paths(stated.statements)) {
      const whole = ['statements', ...path];
      expect(() => validateResult(changed(stated, whole, () => 1)), path.join('.')).toThrow(UsageError);
      if (typeof path.at(-1) !== 'string') continue;
      expect(() => validateResult(changed(stated, whole, () => undefined)), path.join('.')).toThrow(
        UsageError,
      );
    }
  });

  it.each([[null], [undefined], [[]], ['text'], [NaN], [{}]])('refuses %j', (document) => {
    expect(() => validateResult(document)).toThrow(UsageError);
  });

  it.each([
    [['pairs', 0, 'verdict', 'linked_share'], 1.01],
    [['pairs', 0, 'verdict', 'components', 0, 'log10_p'], 0.5],
    [['pairs', 0, 'verdict', 'components', 0, 'r_interval'], [0.1]],
    [['pairs', 0, 'evidence', 0, 'z'], NaN],
    [['pairs', 0, 'evidence', 0, 'tensors'], null],
    [['pairs', 0, 'evidence', 0, 'tier'], 5],
    [['models', 0, 'parameters'], -1],
    [['leaderboard', 0, 'outcome'], 'clean'],
    [['calibration', 0, 'lambda'], 0],
  ])('refuses %j = %j', (path, value) => {
    expect(() => validateResult(changed(result, path, () => value))).toThrow(UsageError);
  });
});

/** Every subschema that stands for a value, with its path. */
function subschemas(schema: unknown, path = ''): [string, Record<string, unknown>][] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return [];
  const node = schema as Record<string, unknown>;
  const named = ['properties', '$defs'].flatMap((group) =>
    Object.entries(node[group] ?? {}).flatMap(([key, inner]) => subschemas(inner, `${path}/${key}`)),
  );
  return [[path, node], ...named, ...subschemas(node['items'], `${path}/items`)];
}

describe.each<[SchemaName]>([['programme'], ['rules'], ['result'], ['compare'], ['trajectory']])(
  'the schema file %s',
  (name) => {
    it('explains every property and leaves no object open', () => {
      for (const [path, node] of subschemas(loadSchema(name))) {
        if (!path.endsWith('/items')) {
          expect([typeof node['title'], typeof node['description']], path).toEqual(['string', 'string']);
        }
        if (node['type'] === 'object') expect(node, path).toHaveProperty('additionalProperties');
      }
    });
  },
);

it('lists the components, verdicts and methods of the contracts', () => {
  const result = new Map(subschemas(loadSchema('result')));
  const programme = new Map(subschemas(loadSchema('programme')));
  expect(result.get('/component')?.['enum']).toEqual(COMPONENTS);
  expect(programme.get('/component')?.['enum']).toEqual(COMPONENTS);
  expect(result.get('/verdict')?.['enum']).toEqual(VERDICTS);
  expect(result.get('/evidence/method')?.['enum']).toEqual(METHODS);
  const rules = new Map(subschemas(loadSchema('rules')));
  expect(rules.get('/component')?.['enum']).toEqual(COMPONENTS);
  expect(rules.get('/criterion/fail_on')?.['enum']).toEqual(POSITIVE_VERDICTS);
  expect(rules.get('/criterion/tests/items')?.['enum']).toEqual(TRAINING_TESTS);
  const trajectory = new Map(subschemas(loadSchema('trajectory')));
  expect(trajectory.get('/test/test')?.['enum']).toEqual(TRAINING_TESTS);
  expect(Object.keys(result.get('/model/parameters_by_component')?.['properties'] ?? {})).toEqual(COMPONENTS);
});
