import { UsageError, type Programme, type RuleSet, type WatchSettings } from '@jokbo/contracts';
import { builtInRules, DEFAULT_RULES, isBuiltIn } from './built-in-rules.js';
import { crossCheck } from './cross-check.js';
import { lazyValidator } from './load-schema.js';
import { refuseProblems, type Problem } from './problem.js';
import type { ProgrammeFile } from './programme-file.js';
import { readYaml, type YamlTree } from './read-yaml.js';
import { schemaProblems, type SchemaProblem } from './schema-problems.js';
import { watchSettings } from './watch-settings.js';

const programmeValidator = lazyValidator<ProgrammeFile>('programme');

/** Joined features per pair in sampled mode: seconds per comparison at width 4096. */
const DEFAULT_FEATURES = 32_768;

/** A programme file, and the rule set that it names. */
export interface ParsedProgramme {
  readonly programme: Omit<Programme, 'rules'>;
  /** The file as it was written. */
  readonly file: ProgrammeFile;
  /** What the fleet does by itself; no part of what an audit depends on. */
  readonly watch: WatchSettings;
  readonly rules: {
    /** Id of a built-in rule set, or a path below the programme file. */
    readonly name: string;
    readonly isPath: boolean;
    /** What the programme says in place of the rule set; null = nothing. */
    readonly requireTier3: boolean | null;
  };
}

/**
 * Reads and validates a programme file with a built-in rule set.
 *
 * @throws UsageError as {@link parseProgrammeFile}, and when the rule set lies in a file of its own.
 */
export function parseProgramme(text: string, object: string): Programme {
  const parsed = parseProgrammeFile(text, object);
  const { name } = parsed.rules;
  if (isBuiltIn(name)) return withRules(parsed, builtInRules(name));
  throw new UsageError('the rule set lies in a file of its own', { object, value: name });
}

/** The programme under a rule set; what the programme itself says of tier 3 holds. */
export function withRules({ programme, rules }: ParsedProgramme, ruleSet: RuleSet): Programme {
  const { requireTier3 } = rules;
  return { ...programme, rules: { ...ruleSet, require_tier3: requireTier3 ?? ruleSet.require_tier3 } };
}

/**
 * Reads and validates a programme file, and fills in what it leaves out.
 *
 * @param object Path or URI of the file, for errors.
 * @throws UsageError that lists every problem (at most 20) with line, column, key, what was expected and what
 *   was found. Problems of form hide those of content: unknown ids and sources are checked once the form is right.
 */
export function parseProgrammeFile(text: string, object: string): ParsedProgramme {
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
  return { programme: resolved(value), file: value, watch: watchSettings(value), rules: rulesOf(value) };
}

function placed({ pointer, side, text }: SchemaProblem, tree: YamlTree): Problem {
  return { ...(side === 'key' ? tree.keyAt(pointer) : tree.valueAt(pointer)), text };
}

function rulesOf({ rules }: ProgrammeFile): ParsedProgramme['rules'] {
  const { id = DEFAULT_RULES, require_tier3 = null } =
    typeof rules === 'string' ? { id: rules } : { ...rules };
  return { name: id, isPath: !isBuiltIn(id), requireTier3: require_tier3 };
}

function resolved(file: ProgrammeFile): Omit<Programme, 'rules'> {
  return {
    version: file.version,
    name: file.name,
    language: file.language ?? 'ko',
    ...(file.objections_until === undefined ? {} : { objections_until: file.objections_until }),
    roots: Object.fromEntries(Object.entries(file.storage ?? {})),
    subjects: file.subjects.map(
      ({ id, team, release, source, declared, training, licence, declarations, replies }) => ({
        id,
        team,
        release,
        source,
        lineage: (declared ?? []).map(({ from, components, note, date, author }) => ({
          from,
          components: components ?? [],
          note: note ?? null,
          ...(date === undefined ? {} : { date }),
          ...(author === undefined ? {} : { author }),
        })),
        training: training ?? null,
        ...(licence === undefined ? {} : { licence }),
        ...(declarations === undefined ? {} : { declarations: { ...declarations } }),
        ...(replies === undefined || replies.length === 0
          ? {}
          : {
              replies: replies.map(({ reference, component, date, author, text }) => ({
                reference: reference ?? null,
                component: component ?? null,
                date,
                author,
                text,
              })),
            }),
      }),
    ),
    references: file.references.map(({ id, name, source, family }) => ({
      id,
      name,
      source,
      family: family ?? id,
    })),
    controls: {
      negative: file.controls?.negative ?? [],
      positive: (file.controls?.positive ?? []).map(({ derivative, base }) => ({ derivative, base })),
      ...(file.controls?.alike === undefined ? {} : { alike: file.controls.alike }),
    },
    budget: { features: file.budget?.features ?? DEFAULT_FEATURES },
    full: (file.full ?? []).map(({ subject, reference }) => ({ subject, reference })),
  };
}
