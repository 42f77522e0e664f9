import type { Component, Criterion, RuleSet, RuleThresholds, TrainingTestName } from '@jokbo/contracts';
import { DEFAULT_THRESHOLDS } from '@jokbo/verdict';
import { lazyValidator } from './load-schema.js';
import { refuseProblems, shown, type Problem } from './problem.js';
import { pointerOf, readYaml, type YamlTree } from './read-yaml.js';
import { schemaProblems } from './schema-problems.js';

/** A rule set as written, after validation against its schema. */
interface RuleSetFile {
  readonly id: string;
  readonly version: number;
  readonly title: RuleSet['title'];
  readonly require_tier3?: boolean;
  readonly thresholds?: Partial<Omit<RuleThresholds, 'required_r' | 'required_gram_r'>> & {
    readonly required_r?: Partial<RuleThresholds['required_r']>;
    readonly required_gram_r?: Partial<RuleThresholds['required_gram_r']>;
  };
  readonly criteria?: readonly CriterionInFile[];
}

interface CriterionInFile extends Pick<Criterion, 'id' | 'kind' | 'title' | 'test'> {
  readonly components?: readonly Component[];
  readonly fail_on?: 'identical' | 'derived' | 'partially_derived' | 'common_origin';
  readonly max_share?: number;
  readonly allowed?: readonly string[];
  readonly tests?: readonly TrainingTestName[];
  readonly names?: readonly string[];
}

type TestKey = Exclude<keyof CriterionInFile, 'id' | 'kind' | 'title' | 'test'>;

/** The keys that each test needs, and those that it may have. */
const KEYS: Readonly<
  Record<Criterion['test'], { readonly needs: readonly TestKey[]; readonly may: readonly TestKey[] }>
> = {
  components: { needs: ['fail_on'], may: ['components'] },
  inherited_share: { needs: ['max_share'], may: [] },
  declared_lineage: { needs: [], may: [] },
  licence: { needs: ['allowed'], may: [] },
  training: { needs: ['tests'], may: [] },
  declarations: { needs: ['names'], may: [] },
};
const TEST_KEYS: readonly TestKey[] = ['components', 'fail_on', 'max_share', 'allowed', 'tests', 'names'];

const ruleSetValidator = lazyValidator<RuleSetFile>('rules');

/**
 * Reads and validates a rule set, and fills in what it leaves out from the default.
 *
 * @param object Path or URI of the file, for errors.
 * @throws UsageError that lists every problem with line, column and key; a threshold looser than evidence allows is one.
 */
export function parseRuleSet(text: string, object: string): RuleSet {
  const tree = readYaml(text, object);
  const validate = ruleSetValidator();
  const value = tree.value;
  if (!validate(value)) {
    const problems = schemaProblems(validate.errors ?? []).map(({ pointer, side, text: why }) => ({
      ...(side === 'key' ? tree.keyAt(pointer) : tree.valueAt(pointer)),
      text: why,
    }));
    refuseProblems([...tree.problems, ...problems], object);
    throw new TypeError('a schema refused without saying why');
  }
  refuseProblems(tree.problems, object);
  const thresholds = resolvedThresholds(value);
  refuseProblems([...sizeProblems(thresholds, tree), ...criterionProblems(value, tree)], object);
  return {
    id: value.id,
    version: value.version,
    title: titleOf(value.title),
    thresholds,
    require_tier3: value.require_tier3 ?? true,
    criteria: (value.criteria ?? []).flatMap(resolvedCriterion),
  };
}

function titleOf({ ko, en }: RuleSet['title']): RuleSet['title'] {
  return { ko, en };
}

function resolvedThresholds({ thresholds = {} }: RuleSetFile): RuleThresholds {
  return {
    ...DEFAULT_THRESHOLDS,
    ...thresholds,
    required_r: { ...DEFAULT_THRESHOLDS.required_r, ...thresholds.required_r },
    required_gram_r: { ...DEFAULT_THRESHOLDS.required_gram_r, ...thresholds.required_gram_r },
  };
}

/** More parameters can only show smaller effects: what is asked of a large component is never milder. */
function sizeProblems(thresholds: RuleThresholds, tree: YamlTree): Problem[] {
  return (['required_r', 'required_gram_r'] as const).flatMap((scale) => {
    const { large, medium, small } = thresholds[scale];
    if (large <= medium && medium <= small) return [];
    const text = `must not grow with size, got large ${large}, medium ${medium}, small ${small}`;
    return [{ ...tree.valueAt(pointerOf(['thresholds', scale])), text }];
  });
}

function criterionProblems({ criteria = [] }: RuleSetFile, tree: YamlTree): Problem[] {
  return criteria.flatMap((criterion, index) => {
    const problems: Problem[] = [];
    const { needs, may } = KEYS[criterion.test];
    for (const key of TEST_KEYS) {
      const there = criterion[key] !== undefined;
      if (there && !needs.includes(key) && !may.includes(key)) {
        const place = tree.keyAt(pointerOf(['criteria', index, key]));
        problems.push({ ...place, text: `is not a key of the test ${criterion.test}` });
      } else if (!there && needs.includes(key)) {
        const place = tree.valueAt(pointerOf(['criteria', index]));
        problems.push({ ...place, text: `must have the key ${shown(key)} for the test ${criterion.test}` });
      }
    }
    if (criteria.findIndex(({ id }) => id === criterion.id) < index) {
      const place = tree.valueAt(pointerOf(['criteria', index, 'id']));
      problems.push({ ...place, text: `must be unique, got ${shown(criterion.id)}` });
    }
    return problems;
  });
}

function resolvedCriterion(file: CriterionInFile): Criterion[] {
  const base = { id: file.id, kind: file.kind, title: titleOf(file.title) };
  const { test, components = [], fail_on, max_share, allowed, tests, names } = file;
  switch (test) {
    case 'components':
      return fail_on === undefined ? [] : [{ ...base, test, components: [...components], fail_on }];
    case 'inherited_share':
      return max_share === undefined ? [] : [{ ...base, test, max_share }];
    case 'declared_lineage':
      return [{ ...base, test }];
    case 'licence':
      return allowed === undefined ? [] : [{ ...base, test, allowed: [...allowed] }];
    case 'training':
      return tests === undefined ? [] : [{ ...base, test, tests: [...tests] }];
    case 'declarations':
      return names === undefined ? [] : [{ ...base, test, names: [...names] }];
  }
}
