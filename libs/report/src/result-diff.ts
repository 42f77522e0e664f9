import {
  canonicalJson,
  type Component,
  type ModelSummary,
  type ResultDocument,
  type VerdictClass,
} from '@jokbo/contracts';
import { judgementMoves, type JudgementMove } from './diff-judgements.js';
import { resultDigest } from './export/component-rows.js';

/** A model that is not what it was. */
export interface InputChange {
  readonly model: string;
  readonly role: ModelSummary['role'];
  /** `changed`: other bytes; `measured_otherwise`: the same bytes with another fingerprint. */
  readonly change: 'added' | 'removed' | 'changed' | 'measured_otherwise';
}

export interface VerdictMove {
  readonly subject: string;
  readonly reference: string;
  readonly component: Component;
  /** Null where there was no such row, or is none now. */
  readonly before: VerdictClass | null;
  readonly after: VerdictClass | null;
  readonly z_before: number | null;
  readonly z_after: number | null;
}

/** What differs between two results, and which of the four causes could have made it. */
export interface ResultDiff {
  readonly schema_version: 1;
  /** SHA-256 of the two documents. */
  readonly before: string;
  readonly after: string;
  /** Whether the second names the first as the result that it supersedes. */
  readonly supersedes: boolean;
  readonly changed: {
    /** Bytes of a model in both, or the releases under audit. */
    readonly data: boolean;
    /** Code, sampling or evidence version. */
    readonly method: boolean;
    readonly rules: boolean;
    /** Which references there are, or their families. */
    readonly references: boolean;
    /** The programme: also names, declarations, controls. */
    readonly programme: boolean;
  };
  readonly inputs: readonly InputChange[];
  readonly method: readonly {
    readonly name: string;
    readonly before: string | number | null;
    readonly after: string | number | null;
  }[];
  readonly rules: {
    readonly before: Pick<ResultDocument['rules'], 'id' | 'version' | 'digest'>;
    readonly after: Pick<ResultDocument['rules'], 'id' | 'version' | 'digest'>;
  };
  /** Releases whose outcome moved. */
  readonly outcomes: readonly {
    readonly subject: string;
    readonly before: VerdictClass | null;
    readonly after: VerdictClass | null;
  }[];
  /** Components × references whose verdict moved. */
  readonly verdicts: readonly VerdictMove[];
  /** Rows of both results with the same verdict. */
  readonly unmoved: number;
  /** Of those, how many have another z, p, effect or share. */
  readonly figures_moved: number;
  /** Criteria of the rule set and training tests whose outcome moved. */
  readonly judgements: readonly JudgementMove[];
}

/** Holds two results of one programme against each other. */
export function diffResults(before: ResultDocument, after: ResultDocument): ResultDiff {
  const inputs = inputChanges(before, after);
  const method = methodChanges(before, after);
  const rows = verdictRows(before, after);
  const moved = rows.filter(({ row }) => row.before !== row.after);
  const digest = resultDigest(before);
  const familyOf = ({ models }: ResultDocument): string =>
    canonicalJson(
      models
        .flatMap(({ id, role, family }) => (role === 'reference' ? [`${id} ${family ?? ''}`] : []))
        .sort(),
    );
  return {
    schema_version: 1,
    before: digest,
    after: resultDigest(after),
    supersedes: after.supersedes === digest,
    changed: {
      data: inputs.some(
        ({ role, change }) => change === 'changed' || (role === 'subject' && change !== 'measured_otherwise'),
      ),
      method: method.length > 0,
      rules: before.rules.digest !== after.rules.digest,
      references: familyOf(before) !== familyOf(after),
      programme: before.programme.digest !== after.programme.digest,
    },
    inputs,
    method,
    rules: { before: ruleSetOf(before), after: ruleSetOf(after) },
    outcomes: outcomeMoves(before, after),
    verdicts: moved.map(({ row }) => row),
    unmoved: rows.length - moved.length,
    figures_moved: rows.filter(({ row, otherFigures }) => row.before === row.after && otherFigures).length,
    judgements: judgementMoves(before, after),
  };
}

function ruleSetOf({ rules: { id, version, digest } }: ResultDocument) {
  return { id, version, digest };
}

function inputChanges(before: ResultDocument, after: ResultDocument): InputChange[] {
  return united(before.models, after.models, ({ id, role }) => `${role} ${id}`).flatMap(
    ([old, now]): InputChange[] => {
      const model = now ?? old;
      if (model === undefined) return [];
      const { id, role } = model;
      if (old === undefined) return [{ model: id, role, change: 'added' }];
      if (now === undefined) return [{ model: id, role, change: 'removed' }];
      if (canonicalJson(old.files) !== canonicalJson(now.files))
        return [{ model: id, role, change: 'changed' }];
      return old.fingerprint === now.fingerprint ? [] : [{ model: id, role, change: 'measured_otherwise' }];
    },
  );
}

function methodChanges({ tool: old }: ResultDocument, { tool: now }: ResultDocument): ResultDiff['method'] {
  return (['version', 'sampling', 'evidence'] as const).flatMap((name) =>
    old[name] === now[name] ? [] : [{ name, before: old[name] ?? null, after: now[name] ?? null }],
  );
}

function outcomeMoves(before: ResultDocument, after: ResultDocument): ResultDiff['outcomes'] {
  return united(before.leaderboard, after.leaderboard, ({ subject }) => subject).flatMap(([old, now]) =>
    old?.outcome === now?.outcome
      ? []
      : [
          {
            subject: (now ?? old)?.subject ?? '',
            before: old?.outcome ?? null,
            after: now?.outcome ?? null,
          },
        ],
  );
}

interface ComparedRow {
  readonly row: VerdictMove;
  readonly otherFigures: boolean;
}

function verdictRows(before: ResultDocument, after: ResultDocument): ComparedRow[] {
  const rowsOf = ({ pairs }: ResultDocument) =>
    pairs.flatMap(({ subject, reference, verdict }) =>
      verdict.components.map((item) => {
        const { component, verdict: own, z } = item;
        return { subject, reference, component, own, z, figures: canonicalJson({ ...item, reasons: [] }) };
      }),
    );
  return united(rowsOf(before), rowsOf(after), ({ subject, reference, component }) =>
    JSON.stringify([subject, reference, component]),
  ).flatMap(([old, now]): ComparedRow[] => {
    const row = now ?? old;
    if (row === undefined) return [];
    const { subject, reference, component } = row;
    return [
      {
        row: {
          ...{ subject, reference, component },
          ...{ before: old?.own ?? null, after: now?.own ?? null },
          ...{ z_before: old?.z ?? null, z_after: now?.z ?? null },
        },
        otherFigures: old?.figures !== now?.figures,
      },
    ];
  });
}

/** Items of both lists by key: those of the second in its order, then those that only the first has. */
function united<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): (readonly [before: T | undefined, after: T | undefined])[] {
  const old = new Map(before.map((item) => [keyOf(item), item]));
  const now = new Set(after.map(keyOf));
  return [
    ...after.map((item) => [old.get(keyOf(item)), item] as const),
    ...before.filter((item) => !now.has(keyOf(item))).map((item) => [item, undefined] as const),
  ];
}
