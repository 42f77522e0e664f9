import type {
  TrainingFigure,
  TrainingFinding,
  TrainingFindingCode,
  TrainingGap,
  TrainingOutcome,
  TrainingTest,
  TrainingTestName,
} from '@jokbo/contracts';

/** Findings that a test lists; more say nothing new. */
const MAX_FINDINGS = 50;

/** Findings of one test: the first few, and how many more there are. */
export interface Findings {
  readonly listed: readonly TrainingFinding[];
  readonly more: number;
  add(code: TrainingFindingCode, at: string | null, value?: number | string | null): void;
  /** Takes over the findings of another list. */
  addAll(others: Findings): void;
}

export function createFindings(): Findings {
  const listed: TrainingFinding[] = [];
  let more = 0;
  const add = (code: string, at: string | null, value: number | string | null = null): void => {
    // A log may hold what JSON cannot carry.
    const shown = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    if (listed.length < MAX_FINDINGS) listed.push({ code, at, value: shown });
    else more += 1;
  };
  return {
    listed,
    get more() {
      return more;
    },
    add,
    addAll(others) {
      for (const { code, at, value } of others.listed) add(code, at, value);
      more += others.more;
    },
  };
}

/** A figure that decides: the test fails where it is measured and beyond its limit. */
export function limited(
  name: string,
  value: number | null,
  relation: 'at_most' | 'at_least',
  limit: number,
  at: string | null = null,
): TrainingFigure {
  return { name, value: finite(value), relation, limit, at };
}

/** A figure that is shown and does not decide. */
export function context(name: string, value: number | null, at: string | null = null): TrainingFigure {
  return { name, value: finite(value), relation: null, limit: null, at };
}

/** What JSON cannot carry was not measured. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/**
 * The outcome of a test from its figures: fail where any is beyond its limit, pass where all that were measured keep
 * to theirs, not provided where none could be measured.
 *
 * @param unmeasured code of what is missing, where no figure with a limit has a value.
 */
export function judged(
  test: TrainingTestName,
  figures: readonly TrainingFigure[],
  findings: Findings,
  unmeasured: TrainingGap,
): TrainingTest {
  const deciding = figures.filter(({ relation, value }) => relation !== null && value !== null);
  const broken = deciding.find((figure) => !keeps(figure));
  const outcome: TrainingOutcome =
    broken !== undefined ? 'fail' : deciding.length > 0 ? 'pass' : 'not_provided';
  return {
    test,
    outcome,
    reason: broken?.name ?? (outcome === 'not_provided' ? unmeasured : null),
    figures,
    findings: findings.listed,
    findings_more: findings.more,
  };
}

function keeps({ value, relation, limit }: TrainingFigure): boolean {
  if (value === null || limit === null) return true;
  return relation === 'at_most' ? value <= limit : value >= limit;
}

/** A test whose inputs the team did not supply, or that has no implementation for what they declare. */
export function notProvided(
  test: TrainingTestName,
  reason: TrainingGap,
  figures: readonly TrainingFigure[] = [],
  findings: Findings = createFindings(),
): TrainingTest {
  return {
    test,
    outcome: 'not_provided',
    reason,
    figures,
    findings: findings.listed,
    findings_more: findings.more,
  };
}

/** The largest or smallest of named values, for a figure that says where it is; null where there is none. */
export interface Extreme {
  readonly value: number | null;
  readonly at: string | null;
  /** Not a number is no value. */
  add(value: number, at: string): void;
}

export const largest = (): Extreme => createExtreme((value, held) => value > held);
export const smallest = (): Extreme => createExtreme((value, held) => value < held);

function createExtreme(replaces: (value: number, held: number) => boolean): Extreme {
  let held: { readonly value: number; readonly at: string } | null = null;
  return {
    get value() {
      return held?.value ?? null;
    },
    get at() {
      return held?.at ?? null;
    },
    add(value, at) {
      if (Number.isNaN(value) || (held !== null && !replaces(value, held.value))) return;
      // A figure beyond all numbers is beyond its limit, and must stay a number to be so.
      held = { value: Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value)), at };
    },
  };
}
