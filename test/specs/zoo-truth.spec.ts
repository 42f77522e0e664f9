import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  POSITIVE_VERDICTS,
  TEXT_COMPONENTS,
  type ComparisonKind,
  type Component,
  type ComponentVerdict,
  type LayerMap,
  type PairVerdict,
  type VerdictClass,
} from '@jokbo/contracts';
import {
  besideControls,
  createThreadedComparer,
  measuredModel,
  needsDisguise,
  openParts,
  type DisguiseControl,
} from '@jokbo/activities';
import type { AlignmentMap, CalibratedStatistic } from '@jokbo/evidence';
import { storeFingerprint } from '@jokbo/fingerprint';
import { sentenceWriter } from '@jokbo/report';
import {
  calibrate,
  decideAudit,
  DEFAULT_THRESHOLDS,
  type MeasuredModel,
  type MeasuredPair,
  type PairDisguise,
  type PairToDecide,
} from '@jokbo/verdict';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zooJson, zooLoader } from './zoo-models.js';

interface TruthRow {
  readonly subject: string;
  readonly component: 'text' | 'mtp' | 'vision' | 'projector';
  readonly reference: string;
  readonly relation: VerdictClass | 'independent';
  readonly accept?: readonly VerdictClass[];
}

/** One representative per independent lineage: what calibrates. */
const REPRESENTATIVES = [
  'refs/glm-air-mini',
  'refs/phi-moe-mini',
  'refs/mixtral-mini',
  'refs/qwen-vl-mini',
  'refs/deepseek-v3-mini',
  'refs/llama-mini-s0',
  'refs/llama-mini-s1',
  'refs/llama-mini-s2',
];

const NEGATIVE_CONTROLS = [
  'refs/mixtral-mini',
  'refs/phi-moe-mini',
  'refs/llama-mini-s0',
  'refs/deepseek-v3-mini',
];

/** Independent lineages of both widths: what tier 3 is held to. Seeds of one model learned the same data. */
const DISGUISE_CONTROLS = [...REPRESENTATIVES, 'teams/c/exa-mini'];

function areAlike(a: string, b: string): boolean {
  return a.startsWith('refs/llama-mini-s') && b.startsWith('refs/llama-mini-s');
}

/** Documented lineage: models of one are never each other's controls. */
function lineage(path: string): string {
  if (path.startsWith('variants/') || ['refs/intellect-mini', 'teams/e/vae-mini'].includes(path))
    return 'refs/glm-air-mini';
  if (path.startsWith('refs/deepseek')) return 'refs/deepseek-v3-mini';
  if (path.startsWith('teams/a/')) return 'teams/a/open-mini';
  return path.startsWith('teams/c/') ? 'teams/c/exa-mini' : path;
}

/** Evidence of one comparison as it is stored. */
interface Evidence extends MeasuredPair {
  readonly maps: readonly LayerMap[];
  readonly alignments?: readonly AlignmentMap[];
}

const truth = zooJson('truth.json') as TruthRow[];
const loader = zooLoader();
const models = new Map<string, MeasuredModel>();
const ids = new Map<string, string>();
/** What is looked at more closely than its verdict. */
let recovered: readonly AlignmentMap[];
let upcycled: Evidence;
let itself: Evidence;
let seeds: { readonly held: PairDisguise; readonly unheld: PairDisguise };
let whole: ReadonlyMap<string, PairVerdict>;
let text: ReadonlyMap<string, PairVerdict>;

const pairKey = (subject: string, reference: string): string => `${subject} × ${reference}`;

beforeAll(async () => {
  const work = await mkdtemp(join(tmpdir(), 'jokbo truth '));
  const parts = openParts(work, () => undefined);
  const comparer = createThreadedComparer(work);
  try {
    for (const path of new Set(truth.flatMap(({ subject, reference }) => [subject, reference]))) {
      const { fingerprint } = await loader.load(path);
      await storeFingerprint(parts, fingerprint);
      ids.set(path, fingerprint.id);
      models.set(path, measuredModel(path, lineage(path), fingerprint.document));
    }
    const measure = async (kind: ComparisonKind, subject: string, reference: string): Promise<Evidence> => {
      const { evidence } = await comparer.compare({
        kind,
        subject: ids.get(subject) ?? '',
        reference: ids.get(reference) ?? '',
      });
      const bytes = await parts.get(evidence);
      const stored = JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as Omit<
        Evidence,
        'subject' | 'reference'
      >;
      return { subject, reference, ...stored };
    };
    const calibration = calibrate(
      await Promise.all(
        REPRESENTATIVES.flatMap((a, index) =>
          REPRESENTATIVES.slice(index + 1).map((b) => measure('calibration', a, b)),
        ),
      ),
      models,
    );
    const controls = await Promise.all(
      DISGUISE_CONTROLS.flatMap((a, index) =>
        DISGUISE_CONTROLS.slice(index + 1).map(async (b): Promise<DisguiseControl> => {
          const { records } = await measure('disguise', a, b);
          const { records: tier1 } = await measure('calibration', a, b);
          return { a, b, alike: areAlike(a, b), records, tier1 };
        }),
      ),
    );
    const disguiseOf = async (
      pair: MeasuredPair,
      among: readonly DisguiseControl[] = controls,
    ): Promise<PairDisguise> => {
      if (!needsDisguise(pair.records)) return 'not_needed';
      const { subject, reference } = pair;
      const { records } = await measure('disguise', subject, reference);
      const tier1 = new Map<string, MeasuredPair['records']>();
      for (const model of DISGUISE_CONTROLS) {
        if (model !== subject) tier1.set(model, (await measure('audit', subject, model)).records);
      }
      return besideControls(
        { subject, reference, records, tier1Of: (model) => tier1.get(model) ?? null },
        among,
      );
    };
    const pairs = await Promise.all(
      [...new Set(truth.map(({ subject, reference }) => pairKey(subject, reference)))].map(
        async (key): Promise<PairToDecide> => {
          const [subject = '', reference = ''] = key.split(' × ');
          const negative = NEGATIVE_CONTROLS.filter((control) => lineage(control) !== lineage(reference));
          const pair = await measure('audit', subject, reference);
          return {
            pair,
            disguise: await disguiseOf(pair),
            declared: null,
            controls: {
              negative: await Promise.all(
                negative.map(async (model) => ({ model, pair: await measure('negative', reference, model) })),
              ),
              knownDerivative: null,
              int8: await measure('int8', subject, subject),
              identity: await measure('identity', subject, subject),
            },
          };
        },
      ),
    );
    const twins = await measure('audit', 'refs/llama-mini-s0', 'refs/llama-mini-s2');
    seeds = {
      held: await disguiseOf(twins),
      unheld: await disguiseOf(
        twins,
        controls.filter(({ alike }) => !alike),
      ),
    };
    recovered = (await measure('disguise', 'teams/e/vae-mini', 'refs/glm-air-mini')).alignments ?? [];
    upcycled = await measure('audit', 'teams/c/exa2-mini', 'teams/c/exa-mini');
    itself = await measure('self', 'teams/c/exa2-mini', 'teams/c/exa2-mini');
    const decide = (over: ReadonlyMap<string, MeasuredModel>): ReadonlyMap<string, PairVerdict> =>
      new Map(
        decideAudit({
          models: over,
          pairs,
          calibration,
          rules: DEFAULT_THRESHOLDS,
          tier3: 'required',
        }).map((verdict) => [pairKey(verdict.subject, verdict.reference), verdict]),
      );
    whole = decide(models);
    text = decide(new Map([...models].map(([path, model]) => [path, textOnly(model)])));
  } finally {
    await comparer.close();
    await parts.close();
    await rm(work, { recursive: true });
  }
}, 3_600_000);

afterAll(() => loader.close());

/** The model as its text tower alone: the relation of a text row is that of the whole tower. */
function textOnly(model: MeasuredModel): MeasuredModel {
  const components = Object.fromEntries(
    TEXT_COMPONENTS.flatMap((component) => {
      const measured = model.components[component];
      return measured === undefined ? [] : [[component, measured]];
    }),
  );
  return { ...model, components };
}

function verdictOf(row: TruthRow): VerdictClass | undefined {
  const key = pairKey(row.subject, row.reference);
  if (row.component === 'text') return text.get(key)?.verdict;
  return whole.get(key)?.components.find(({ component }) => component === row.component)?.verdict;
}

function accepted(row: TruthRow): readonly VerdictClass[] {
  if (row.relation === 'independent') return ['no_link_found', 'not_comparable'];
  return [row.relation, ...(row.accept ?? [])];
}

function textComponents(subject: string, reference: string): readonly ComponentVerdict[] {
  const verdict = whole.get(pairKey(subject, reference));
  return (verdict?.components ?? []).filter(({ component }) =>
    TEXT_COMPONENTS.some((name) => name === component),
  );
}

function sameWidth(row: TruthRow, width?: number): boolean {
  const [a, b] = [row.subject, row.reference].map((path) => models.get(path)?.components.attention?.width);
  return a === b && (width === undefined || a === width);
}

function withComponent(evidence: Evidence, component: Component): Evidence {
  return { ...evidence, records: evidence.records.filter((record) => record.component === component) };
}

describe('truth of the zoo', () => {
  it('is whole', () => {
    expect(truth).toHaveLength(638);
  });

  it('gives every row its class, or one that weights alone cannot rule out', () => {
    const wrong = truth.filter((row) => {
      const verdict = verdictOf(row);
      return verdict === undefined || !accepted(row).includes(verdict);
    });
    expect(wrong.map((row) => ({ ...row, got: verdictOf(row) }))).toEqual([]);
  });

  it('accuses no component of an independent pair, and none is invalid at equal width', () => {
    const wrong = truth
      .filter(({ relation, component }) => relation === 'independent' && component === 'text')
      .flatMap((row) =>
        textComponents(row.subject, row.reference).flatMap(({ component, verdict, z }) =>
          POSITIVE_VERDICTS.includes(verdict) || (verdict === 'invalid' && sameWidth(row))
            ? [{ pair: pairKey(row.subject, row.reference), component, verdict, z }]
            : [],
        ),
      );
    expect(wrong).toEqual([]);
  });

  it('clears every comparable component of independent 128-wide pairs but, at most, norms', () => {
    const open = truth
      .filter((row) => row.relation === 'independent' && row.component === 'text' && sameWidth(row, 128))
      .flatMap((row) =>
        textComponents(row.subject, row.reference).flatMap(({ component, verdict, z_calibrated: z }) =>
          component === 'norms' || verdict === 'not_comparable' || verdict === 'no_link_found'
            ? []
            : [{ pair: pairKey(row.subject, row.reference), component, verdict, z }],
        ),
      );
    expect(open).toEqual([]);
  });

  const classes = (subject: string, reference: string): Partial<Record<Component, VerdictClass>> =>
    Object.fromEntries(
      (whole.get(pairKey(subject, reference))?.components ?? []).map(({ component, verdict }) => [
        component,
        verdict,
      ]),
    );

  it('finds team E derived in all components', () => {
    const found = classes('teams/e/vae-mini', 'refs/glm-air-mini');
    expect(new Set(Object.values(found))).toEqual(new Set(['derived']));
    expect(Object.keys(found)).toHaveLength(7);
  });

  it('recovers what team E permuted, and names it', () => {
    const verdict = whole.get(pairKey('teams/e/vae-mini', 'refs/glm-air-mini'));
    const named = (component: Component): string =>
      verdict?.components
        .find((entry) => entry.component === component)
        ?.reasons.find(({ code }) => code === 'aligned-inherited')?.text ?? '';
    expect(named('attention')).toContain('heads permuted');
    expect(named('mlp')).toContain('hidden units permuted');
    expect(named('experts')).toContain('hidden units permuted, experts permuted');
    const orders = recovered.filter(({ kind }) => kind === 'hidden_units').flatMap(({ parts }) => parts);
    expect(orders.length).toBeGreaterThan(0);
    for (const { key, columns } of orders) {
      const ascending = [...(columns ?? [])].sort((a, b) => (a ?? -1) - (b ?? -1));
      expect(ascending, key).toEqual(ascending.map((_, unit) => unit));
      expect(columns, key).not.toEqual(ascending);
    }
  });

  it('accuses no seeds of one recipe, and would hold no family against them without a pair like them', () => {
    const families = (disguise: PairDisguise): readonly CalibratedStatistic[] =>
      disguise === null || disguise === 'not_needed' ? [] : disguise.filter(({ role }) => role === 'family');
    const far = families(seeds.unheld).filter(({ z, record }) => (z ?? 0) >= 8 && (record.r ?? 0) >= 0.2);
    expect(far.length).toBeGreaterThan(0);
    for (const disguise of [seeds.held, seeds.unheld]) {
      expect(families(disguise).length).toBeGreaterThan(1);
      expect(families(disguise).filter(({ counts }) => counts)).toEqual([]);
    }
    expect(whole.get(pairKey('refs/llama-mini-s0', 'refs/llama-mini-s2'))?.verdict).toBe('no_link_found');
  });

  it('traces the up-cycled release by layer and expert, and the release by itself', () => {
    const detail = (method: string, name: string, of = upcycled) =>
      of.records.find((record) => record.method === method)?.details[name];
    const keys = upcycled.maps.find(({ role }) => role === 'attn.k');
    expect(keys?.alignment?.best).toEqual([0, 0, 1, 2, 2, 3]);
    expect(detail('trace', 'matched_layers', withComponent(upcycled, 'attention'))).toBe('0,0,1,2,2,3');
    expect(detail('shuffled_experts', 'cell_map')).toBe('expert j from j mod 8');
    expect(detail('upcycled_experts', 'map', itself)).toBe('expert j from j mod 8');
    expect(detail('duplicated_layers', 'map', itself)).toBe('0,0,1,2,2,3');
  });

  it('finds the up-cycled release derived from its predecessor', () => {
    expect(whole.get(pairKey('teams/c/exa2-mini', 'teams/c/exa-mini'))?.verdict).toBe('derived');
  });

  it('finds team B positive in its vision tower only', () => {
    const found = classes('teams/b/think-vl-mini', 'refs/qwen-vl-mini');
    const positive = Object.entries(found).filter(([, verdict]) => POSITIVE_VERDICTS.includes(verdict));
    expect(positive).toEqual([['vision', 'derived']]);
    expect(whole.get(pairKey('teams/b/think-vl-mini', 'refs/qwen-vl-mini'))?.verdict).toBe(
      'partially_derived',
    );
  });

  it('gives no reason that a report has no words for', () => {
    const reasons = [...whole.values(), ...text.values()].flatMap((verdict) => [
      ...verdict.reasons,
      ...verdict.components.flatMap((component) => component.reasons),
    ]);
    const codes = [...new Set(reasons.map(({ code }) => code))];
    expect(codes.length).toBeGreaterThan(8);
    const korean = sentenceWriter('ko');
    expect(reasons.filter((reason) => korean(reason) === reason.text).map(({ code }) => code)).toEqual([]);
  });

  it('finds the re-sharded copy identical', () => {
    expect(whole.get(pairKey('variants/glm-air-mini-reshard', 'refs/glm-air-mini'))?.verdict).toBe(
      'identical',
    );
  });
});
