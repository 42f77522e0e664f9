import type { Programme } from '@jokbo/contracts';
import { crossCheck } from './cross-check.js';
import { lazyValidator } from './load-schema.js';
import { refuseProblems, type Problem } from './problem.js';
import type { ProgrammeFile } from './programme-file.js';
import { readYaml, type YamlTree } from './read-yaml.js';
import { schemaProblems, type SchemaProblem } from './schema-problems.js';

const programmeValidator = lazyValidator<ProgrammeFile>('programme');

/** Joined features per pair in sampled mode: seconds per comparison at width 4096. */
const DEFAULT_FEATURES = 32_768;

const DEFAULT_RULES = 'jokbo-1-tier1';

/**
 * Reads and validates a programme file, and fills in what it leaves out.
 *
 * @param object Path or URI of the file, for errors.
 * @throws UsageError that lists every problem (at most 20) with line, column, key, what was expected and what
 *   was found. Problems of form hide those of content: unknown ids and sources are checked once the form is right.
 */
export function parseProgramme(text: string, object: string): Programme {
  const tree = readYaml(text, object);
  const validate = programmeValidator();
  const value = tree.value;
  if (!validate(value)) {
    const problems = schemaProblems(validate.errors ?? []).map((problem) => placed(problem, tree));
    refuseProblems([...tree.problems, ...problems], object);
    throw new TypeError('a schema refused without saying why');
  }
  refuseProblems(tree.problems, object);
  refuseProblems(crossCheck(value, tree), object);
  return resolved(value);
}

function placed({ pointer, side, text }: SchemaProblem, tree: YamlTree): Problem {
  return { ...(side === 'key' ? tree.keyAt(pointer) : tree.valueAt(pointer)), text };
}

function resolved(file: ProgrammeFile): Programme {
  return {
    version: file.version,
    name: file.name,
    language: file.language ?? 'ko',
    roots: Object.fromEntries(Object.entries(file.storage ?? {})),
    subjects: file.subjects.map(({ id, team, release, source, declared, training }) => ({
      id,
      team,
      release,
      source,
      lineage: (declared ?? []).map(({ from, components, note }) => ({
        from,
        components: components ?? [],
        note: note ?? null,
      })),
      training: training ?? null,
    })),
    references: file.references.map(({ id, name, source, family }) => ({
      id,
      name,
      source,
      family: family ?? id,
    })),
    controls: {
      negative: file.controls?.negative ?? [],
      positive: (file.controls?.positive ?? []).map(({ derivative, base }) => ({ derivative, base })),
    },
    budget: { features: file.budget?.features ?? DEFAULT_FEATURES },
    full: (file.full ?? []).map(({ subject, reference }) => ({ subject, reference })),
    rules: { id: file.rules?.id ?? DEFAULT_RULES, require_tier3: file.rules?.require_tier3 ?? true },
  };
}
