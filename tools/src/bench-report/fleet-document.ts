import { createHash } from 'node:crypto';
import {
  POSITIVE_VERDICTS,
  type EvidenceRecord,
  type LayerMap,
  type ModelSummary,
  type PairResult,
  type ResultDocument,
} from '@jokbo/contracts';
import { gaussians, seededRandom } from '../power/model/seeded-random.js';

/** Size of a programme, and of a release with its shards. */
export const RELEASES = 9;
export const REFERENCES = 30;
const SHARDS = 47;
/** Depths that the models take in turn. */
const DEPTHS = [48, 61, 80];

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const depthOf = (index: number): number => DEPTHS[index % DEPTHS.length] ?? 48;

/**
 * A result of 9 releases against 30 references, of the pairs of a small one: each pair under new names, its statistics
 * and controls as they are, its maps drawn anew at the depths of large models.
 */
export function fleetDocument(small: ResultDocument): ResultDocument {
  const subjects = enlarged(small, 'subject', RELEASES);
  const references = enlarged(small, 'reference', REFERENCES);
  const pairs = subjects.flatMap((subject, row) =>
    references.map((reference, column) => {
      const index = row * REFERENCES + column;
      const pair = small.pairs[index % small.pairs.length];
      if (pair === undefined) throw new Error('the result has no pairs');
      return renamed(pair, subject.id, reference.id, index, [depthOf(row), depthOf(column)]);
    }),
  );
  const leaderboard = subjects.map((subject, index) => {
    const row = small.leaderboard[index % small.leaderboard.length];
    const nearest = pairs[index * REFERENCES]?.reference ?? null;
    if (row === undefined) throw new Error('the result has no releases');
    const components = row.components.map((item) => ({ ...item, nearest }));
    return {
      ...row,
      subject: subject.id,
      release: subject.name,
      references: REFERENCES,
      nearest,
      components,
    };
  });
  const [tests] = small.self_tests ?? [];
  return {
    schema_version: small.schema_version,
    tool: small.tool,
    programme: small.programme,
    rules: small.rules,
    calibration: small.calibration,
    caveats: small.caveats,
    models: [...subjects, ...references],
    leaderboard,
    pairs,
    ...(tests === undefined ? {} : { self_tests: subjects.map(({ id }) => ({ ...tests, subject: id })) }),
  };
}

function enlarged(small: ResultDocument, role: ModelSummary['role'], count: number): ModelSummary[] {
  const models = small.models.filter((model) => model.role === role);
  return Array.from({ length: count }, (_, index) => {
    const model = models[index % models.length];
    if (model === undefined) throw new Error(`the result has no ${role}`);
    const id = `${role}-${index}`;
    return {
      ...model,
      id,
      name: `${model.name} ${index}`,
      layers: depthOf(index),
      files: Array.from({ length: SHARDS }, (_, shard) => ({
        path: `model-${String(shard + 1).padStart(5, '0')}-of-${String(SHARDS).padStart(5, '0')}.safetensors`,
        size: 4_600_000_000 + shard,
        digest: digest(`${id}/${shard}`),
      })),
    };
  });
}

function renamed(
  pair: PairResult,
  subject: string,
  reference: string,
  index: number,
  depths: readonly [number, number],
): PairResult {
  const own = (id: string): string => `${id.slice(0, 3)}${digest(`${index}/${id}`).slice(0, 20)}`;
  const record = (item: EvidenceRecord): EvidenceRecord => ({ ...item, id: own(item.id) });
  const reasons = <Item extends { readonly reasons: PairResult['verdict']['reasons'] }>(
    item: Item,
  ): Item => ({
    ...item,
    reasons: item.reasons.map((reason) => ({ ...reason, records: reason.records.map(own) })),
  });
  const linked = POSITIVE_VERDICTS.includes(pair.verdict.verdict);
  return {
    mode: pair.mode,
    reproduce: pair.reproduce,
    subject,
    reference,
    evidence: pair.evidence.map(record),
    verdict: {
      ...reasons(pair.verdict),
      subject,
      reference,
      components: pair.verdict.components.map(reasons),
      controls: pair.verdict.controls.map((control) => ({ ...control, id: own(control.id) })),
    },
    maps: pair.maps.map((map, position) => drawn(map, `${index}/${position}`, depths, linked)),
  };
}

/** Cells of unrelated layers, or with a diagonal that is linked. */
function drawn(
  map: LayerMap,
  key: string,
  [rows, columns]: readonly [number, number],
  linked: boolean,
): LayerMap {
  const random = seededRandom(key);
  const z = [...gaussians(rows * columns, random)].map((value, cell) =>
    linked && Math.floor(cell / columns) === cell % columns ? 400 + value : value,
  );
  const noise = gaussians(rows * columns, random);
  const near = map.component === 'norms' ? 0.97 : 0;
  return {
    component: map.component,
    role: map.role,
    statistic: map.statistic ?? 'trace',
    diagonal_z: map.diagonal_z,
    diagonal_log10_p: map.diagonal_log10_p,
    rows,
    columns,
    z,
    // One standard deviation of r over the million features that a layer of a large model has.
    r: z.map((value) => (value > 100 ? 0.98 : value * 0.001)),
    cosine: [...noise].map((value) => near + value * 0.01),
  };
}
