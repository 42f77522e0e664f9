import { createHash } from 'node:crypto';
import {
  POSITIVE_VERDICTS,
  VERDICTS,
  type Component,
  type ComponentVerdict,
  type ControlRecord,
  type EvidenceRecord,
  type LayerMap,
  type LeaderboardRow,
  type ModelSummary,
  type PairResult,
  type ResultDocument,
  type VerdictClass,
} from '@jokbo/contracts';
import { PARAMETERS, REFERENCES, SUBJECTS, TEXT, type SubjectPlan } from './audit-plan.js';

/** Layers of the subjects and of the references: the shape of every map. */
export const MAP_ROWS = 6;
export const MAP_COLUMNS = 5;

/** Numbers in [0, 1) from a text key: the same fixture every time. */
function draw(key: string): number {
  return createHash('sha256').update(key).digest().readUInt32LE(0) / 2 ** 32;
}

function hex(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A z of a standard normal null. */
function nullZ(key: string): number {
  return Math.sqrt(-2 * Math.log(1 - draw(`${key}/a`))) * Math.cos(2 * Math.PI * draw(`${key}/b`));
}

function model(id: string, name: string, subject: SubjectPlan | null, family: string | null): ModelSummary {
  const components = subject?.components ?? TEXT;
  const parameters = components.reduce((sum, component) => sum + (PARAMETERS[component] ?? 0), 0);
  const excluded =
    subject?.id === 'hanbit'
      ? [{ stored: 'model.rope.inv_freq', reason: 'derived_constant', parameters: 64 }]
      : [];
  return {
    id,
    name,
    role: subject === null ? 'reference' : 'subject',
    team: subject?.team ?? null,
    family,
    model_type: subject === null ? `${family ?? 'x'}_moe` : `${id}_moe`,
    architecture: subject?.id === 'dune' ? 'unlisted' : 'listed',
    hidden_size: 4096,
    layers: subject === null ? MAP_COLUMNS : MAP_ROWS,
    parameters,
    bytes: parameters * 2,
    fingerprint: hex(`fingerprint/${id}`),
    files: [1, 2].map((shard) => ({
      path: `model-0000${shard}-of-00002.safetensors`,
      size: parameters,
      digest: hex(`file/${id}/${shard}`),
    })),
    parameters_by_component: Object.fromEntries(
      components.map((component) => [component, PARAMETERS[component] ?? 0]),
    ),
    coverage: {
      tensors: 420,
      mapped: 420 - excluded.length,
      parameters,
      parameters_mapped: parameters - excluded.reduce((sum, item) => sum + item.parameters, 0),
      excluded,
      excluded_more: subject?.id === 'hanbit' ? 3 : 0,
    },
    findings: subject?.id === 'hanbit' ? ['config.json: vision_config.model_type is meridian_vl'] : [],
  };
}

function control(
  pair: string,
  component: Component,
  kind: ControlRecord['kind'],
  failed: boolean,
): ControlRecord {
  const must = {
    negative: '|z| < 4',
    positive: 'rejects, r >= 0.2',
    self_scramble: '|z| < 6',
    identity: 'r = 1',
  };
  const base = {
    negative: nullZ(`${pair}/${component}/n`),
    positive: 8123.4,
    self_scramble: 1.2,
    identity: 9001.5,
  };
  return {
    id: `${pair}/${component}/${kind}`,
    kind,
    component,
    method: 'trace',
    model:
      kind === 'negative'
        ? 'quill'
        : kind === 'positive'
          ? 'int8 of the subject'
          : '8 scrambles of the reference',
    must: must[kind],
    z: failed ? null : base[kind],
    r: failed ? null : kind === 'identity' ? 1 : kind === 'positive' ? 0.9998 : 0.0003,
    passed: !failed,
    note: failed ? 'negative: scrambled only' : null,
  };
}

function evidence(pair: string, component: Component, verdict: VerdictClass, id: string): EvidenceRecord {
  const positive = POSITIVE_VERDICTS.includes(verdict);
  const measured = verdict !== 'not_comparable';
  const z = measured ? (positive ? 812.34 + draw(id) * 10 : nullZ(id)) : null;
  return {
    id,
    method: 'trace',
    tier: 1,
    component,
    primary: true,
    status: measured ? 'measured' : 'not_applicable',
    reason: measured ? null : 'no_shared_axis',
    mode: 'sampled',
    null_hypothesis: 'residual dimensions (4096)',
    z,
    log10_p: z === null ? null : positive ? -143_211.5 : -0.31,
    r: z === null ? null : positive ? 0.98765 : z * 2.1e-4,
    r_interval:
      z === null ? null : positive ? [0.98711, 0.98819] : [z * 2.1e-4 - 5.4e-4, z * 2.1e-4 + 5.4e-4],
    r_min: measured ? (component === 'norms' ? 0.41 : 0.00087) : null,
    n_eff: measured ? 4_812_345 : null,
    units: measured ? 4096 : null,
    ceiling: measured ? 9001.5 : null,
    tensors: 24,
    features: 393_216,
    parameters: PARAMETERS[component] ?? 0,
    layer_map: 'offset:1',
    maps_tried: 2,
    blocks: Array.from({ length: 12 }, (_, index) => ({
      key: `layers.${index}.${component}`,
      reference_key: `layers.${index + 1}.${component}`,
      z: measured ? nullZ(`${id}/${index}`) : null,
      r: measured ? 0.0001 * index : null,
      parameters: 1_000_000,
      identical: positive && index === 0,
    })),
    skipped: measured
      ? []
      : [{ key: `layers.0.${component}.q_proj`, reason: 'shape: 8192 rows against 12288' }],
    scrambles: measured ? Array.from({ length: 8 }, (_, index) => nullZ(`${id}/scramble/${index}`)) : [],
    details: { window: 4096, lineage: pair },
  };
}

function context(pair: string): EvidenceRecord {
  return {
    ...evidence(pair, 'norms', 'no_link_found', `${pair}/norms/norm_context`),
    method: 'norm_context',
    tier: 4,
    primary: false,
    z: null,
    log10_p: null,
    r: null,
    r_interval: null,
    r_min: null,
    blocks: [],
    scrambles: [],
    details: {
      cosine: 0.9497,
      pearson: 0.0126,
      baseline_cosine: 0.9399,
      baseline_pearson: 0.0108,
      baseline_model: 'quill',
    },
  };
}

function map(pair: string, component: Component, role: string, linked: boolean): LayerMap {
  const cells = Array.from({ length: MAP_ROWS * MAP_COLUMNS }, (_, index) => index);
  const diagonal = (index: number) => Math.floor(index / MAP_COLUMNS) === index % MAP_COLUMNS;
  const z = cells.map((index) =>
    index === 7 ? null : linked && diagonal(index) ? 412.5 + index : nullZ(`${pair}/${role}/${index}`),
  );
  return {
    component,
    role,
    rows: MAP_ROWS,
    columns: MAP_COLUMNS,
    cosine: z.map((value, index) =>
      value === null ? null : 0.93 + 0.05 * draw(`${pair}/${role}/c${index}`),
    ),
    r: z.map((value) => (value === null ? null : Math.max(-1, Math.min(1, value * 0.0023)))),
    z,
    diagonal_z: linked ? 311.25 : 0.42,
    diagonal_log10_p: linked ? -21_043.5 : -0.19,
  };
}

function componentVerdict(record: EvidenceRecord, verdict: VerdictClass): ComponentVerdict {
  const positive = POSITIVE_VERDICTS.includes(verdict);
  return {
    component: record.component,
    verdict,
    type: verdict === 'common_origin' ? 'shared initialisation' : null,
    statistic: record.z === null ? null : record.method,
    z: record.z,
    z_calibrated: record.z === null ? null : record.z / Math.sqrt(1.07),
    log10_p: record.log10_p,
    log10_p_adjusted: record.log10_p === null ? null : Math.min(0, record.log10_p + 2.6),
    r: record.r,
    r_interval: record.r_interval,
    r_min: record.r_min,
    r_required: 0.001,
    n_eff: record.n_eff,
    tensors: record.tensors,
    parameters: record.parameters,
    parameters_linked: positive ? record.parameters : 0,
    bytes_identical: verdict === 'identical' ? record.parameters * 2 : 0,
    reasons: [
      {
        code: `rule_${verdict}`,
        records: [record.id],
        text: `Primary statistic of ${record.component} decided.`,
      },
    ],
  };
}

function mostSevere(verdicts: readonly VerdictClass[]): VerdictClass {
  return VERDICTS.find((verdict) => verdicts.includes(verdict)) ?? 'not_comparable';
}

function pairResult(subject: SubjectPlan, index: number): PairResult {
  const reference = REFERENCES[index]?.[0] ?? '';
  const key = `${subject.id}/${reference}`;
  const decided = subject.components.map((component) => ({
    component,
    verdict: subject.verdict(component, index),
  }));
  const records = decided.map(({ component, verdict }) =>
    evidence(key, component, verdict, `${key}/${component}/trace`),
  );
  const components = decided.map(({ verdict }, position) => {
    const record = records[position];
    if (record === undefined) throw new Error('one record per component');
    return componentVerdict(record, verdict);
  });
  const linked = components.reduce((sum, item) => sum + item.parameters_linked, 0);
  const total = components.reduce((sum, item) => sum + item.parameters, 0);
  const verdict = mostSevere(decided.map((item) => item.verdict));
  return {
    subject: subject.id,
    reference,
    mode: index === 2 ? 'full' : 'sampled',
    verdict: {
      subject: subject.id,
      reference,
      verdict,
      declared: subject.declared && index === 2,
      comparable_share: 0.987,
      linked_share: linked / total,
      components,
      controls: decided.flatMap(({ component, verdict: own }) =>
        (['negative', 'positive', 'self_scramble', 'identity'] as const).map((kind) =>
          control(key, component, kind, own === 'invalid' && kind === 'negative'),
        ),
      ),
      reasons: [{ code: 'roll_up', records: [], text: 'Most severe over comparable components.' }],
    },
    evidence: [...records, context(key)],
    maps: [
      map(key, 'norms', 'norm.pre_attn', POSITIVE_VERDICTS.includes(verdict)),
      map(key, 'attention', 'attn.q', POSITIVE_VERDICTS.includes(verdict)),
    ],
    reproduce: `jokbo compare ${subject.id} ${reference} --programme national.yaml --full`,
  };
}

function leaderboardRow(subject: SubjectPlan, pairs: readonly PairResult[]): LeaderboardRow {
  const components = subject.components.map((component) => {
    const candidates = pairs.map((pair) => ({
      reference: pair.reference,
      found: pair.verdict.components.find((item) => item.component === component),
    }));
    const verdict = mostSevere(candidates.map((item) => item.found?.verdict ?? 'not_comparable'));
    const nearest = candidates.find((item) => item.found?.verdict === verdict);
    return { component, verdict, nearest: nearest?.reference ?? null, z: nearest?.found?.z ?? null };
  });
  const controls = pairs.flatMap((pair) => pair.verdict.controls);
  const linked = ({ verdict }: (typeof pairs)[number]): number => verdict.linked_share ?? 0;
  const nearest = pairs.reduce((best, pair) => (linked(pair) > linked(best) ? pair : best));
  return {
    team: subject.team,
    release: subject.name,
    subject: subject.id,
    outcome: mostSevere(components.map((item) => item.verdict)),
    declared: subject.declared,
    components,
    linked_share: nearest.verdict.linked_share,
    nearest: linked(nearest) > 0 ? nearest.reference : null,
    comparable_references: subject.id === 'dune' ? 6 : 8,
    references: REFERENCES.length,
    controls_passed: controls.filter((item) => item.passed === true).length,
    controls_due: controls.filter((item) => item.passed !== null).length,
  };
}

/** A whole audit: five teams, eight references, every class of verdict, hostile, long and Korean names. */
export function resultDocument(overrides: Partial<ResultDocument> = {}): ResultDocument {
  const bySubject = SUBJECTS.map((subject) => ({
    subject,
    pairs: REFERENCES.map((_, index) => pairResult(subject, index)),
  }));
  return {
    schema_version: 1,
    tool: { name: 'jokbo', version: '0.1.0', sampling: 'rows-v1' },
    programme: { name: 'National audit 2026', language: 'en', digest: hex('programme') },
    rules: {
      id: 'kr-2026-01',
      version: 1,
      title: { ko: '1차', en: 'Round 1' },
      thresholds: {
        reject_z: 8,
        clean_z: 4,
        reject_log10_p: -3,
        effect_floor: 0.001,
        block_r: 0.2,
        gram_alone_r: 0.7,
        identical_share: 0.99,
        comparable_share: 0.2,
        required_r: { large: 0.001, medium: 0.01, small: 0.1, router: 0.3, norms: 0.5, narrow_vision: 0.5 },
        required_gram_r: { large: 0.05, medium: 0.14, small: 0.4 },
      },
      require_tier3: true,
      criteria: [],
      digest: 'a'.repeat(64),
      tier3_run: true,
    },
    leaderboard: bySubject.map(({ subject, pairs }) => leaderboardRow(subject, pairs)),
    models: [
      ...SUBJECTS.map((subject) => model(subject.id, subject.name, subject, null)),
      ...REFERENCES.map(([id, name, family]) => model(id, name, null, family)),
    ],
    calibration: [
      {
        statistic: 'trace',
        width: 4096,
        lambda: 1.07,
        calibrated: true,
        pairs: 28,
        z: Array.from({ length: 28 }, (_, index) => nullZ(`calibration/${index}`)).sort((a, b) => a - b),
      },
      {
        statistic: 'gram',
        width: null,
        lambda: 1.5,
        calibrated: false,
        pairs: 6,
        z: [-1.2, -0.4, 0.1, 0.3, 0.9, 1.8],
      },
    ],
    pairs: bySubject.flatMap(({ pairs }) => pairs),
    caveats: ['Quill-3.5-MoE-instruct stands in as the only negative control of width 4096.'],
    ...overrides,
  };
}
