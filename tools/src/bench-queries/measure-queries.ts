import { runQuery } from '@jokbo/database';
import { documentedQueries } from './documented-queries.js';

/** A query with the time that it may take, in ms. */
export interface TimedQuery {
  readonly name: string;
  readonly statement: string;
  readonly limitMs: number;
}

/** What a query took. */
export interface QueryTime extends TimedQuery {
  readonly rows: number;
  readonly medianMs: number;
  readonly p95Ms: number;
}

const DOCUMENTED_MS = 1000;
const RUNS = 20;

const LEADERBOARDS: readonly TimedQuery[] = [
  {
    name: 'leaderboard of one programme',
    statement: `select * from leaderboard where is_current and programme = 'Programme 7' order by position`,
    limitMs: 200,
  },
  {
    name: 'leaderboards of all programmes',
    statement: 'select * from leaderboard where is_current order by programme, position',
    limitMs: 200,
  },
];

const MAPS: readonly TimedQuery[] = [
  {
    name: 'one map of 48 × 47 cells',
    statement: `select subject_layer, reference_layer, cosine, r, z, status from layer_pairs
      where run_id = 197 and subject = 'think-vl-mini' and reference = 'qwen-vl-mini' and component = 'attention'
        and role = 'attn.q' and statistic = 'trace'`,
    limitMs: 100,
  },
  {
    name: 'one map of the current run, by the name of the programme',
    statement: `select subject_layer, reference_layer, r from layer_pairs
      where is_current and programme = 'Programme 7' and subject = 'think-vl-mini' and reference = 'qwen-vl-mini'
        and role = 'attn.q'`,
    limitMs: 100,
  },
];

const ACROSS_RUNS: readonly TimedQuery[] = [
  {
    name: 'findings against one reference in all audits, superseded ones too',
    statement: `select run_id, subject, component, verdict, z from component_results
      where reference = 'glm-air-mini' and verdict = 'derived' order by run_id, component`,
    limitMs: DOCUMENTED_MS,
  },
  {
    name: 'every verdict of one audit beside the audit before',
    statement: 'select * from changes_since where run_id = 197',
    limitMs: DOCUMENTED_MS,
  },
];

const TENSORS: readonly TimedQuery[] = [
  {
    name: 'a model of 497,000 tensors by component',
    statement: `select component, count(*), sum(parameters) from tensors where run_id = 197 and model = 'open-mini' group by component`,
    limitMs: DOCUMENTED_MS,
  },
  {
    name: 'the models that hold a tensor, by its digest',
    statement: `select distinct model, tensor_key from tensors where is_current and sha256 = encode(sha256('9'), 'hex')`,
    limitMs: DOCUMENTED_MS,
  },
];

/** Times every query of docs/queries.md, the leaderboard and one map, each in a session of its own as `analyst_ro`. */
export async function measureQueries(url: string): Promise<QueryTime[]> {
  const documented = (await documentedQueries()).map(({ question, statement }) => ({
    name: question,
    statement,
    limitMs: DOCUMENTED_MS,
  }));
  const times: QueryTime[] = [];
  for (const query of [...LEADERBOARDS, ...MAPS, ...ACROSS_RUNS, ...TENSORS, ...documented]) {
    const taken: number[] = [];
    let rows = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const start = performance.now();
      rows = await runQuery(url, query.statement, async ({ batches }) => {
        let count = 0;
        for await (const batch of batches) count += batch.length;
        return count;
      });
      taken.push(performance.now() - start);
    }
    taken.sort((a, b) => a - b);
    times.push({ ...query, rows, medianMs: quantile(taken, 0.5), p95Ms: quantile(taken, 0.95) });
  }
  return times;
}

/** Of sorted values: the smallest that at least this share of them does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}
