import { UsageError } from '@jokbo/contracts';
import { shown, type Problem } from './problem.js';
import { BUILT_IN_RULES, isBuiltIn, isRulesPath } from './built-in-rules.js';
import type { ProgrammeFile } from './programme-file.js';
import { pointerOf, type YamlTree } from './read-yaml.js';
import { resolveRoot, resolveSource } from './resolve-source.js';
import { didYouMean } from './suggest.js';
import { LEAST_CATCH_UP, milliseconds } from './watch-settings.js';

/** Stands for the programme file: whether a source is well formed does not depend on where the file lies. */
const ANY_PROGRAMME = 'file:///programme/programme.yaml';

type Path = readonly (string | number)[];

interface Check {
  readonly file: ProgrammeFile;
  readonly report: (path: Path, text: string) => void;
  /** The line of a value. */
  readonly lineOf: (path: Path) => number;
}

/** Checks what a schema cannot: that ids are unique and known, that sources resolve, that controls can serve. */
export function crossCheck(file: ProgrammeFile, tree: YamlTree): Problem[] {
  const problems: Problem[] = [];
  const check: Check = {
    file,
    report: (path, text) => {
      problems.push({ ...tree.valueAt(pointerOf(path)), text });
    },
    lineOf: (path) => tree.valueAt(pointerOf(path)).place.line,
  };
  checkIds(check);
  const badRoots = checkRoots(check);
  checkSources(check, badRoots);
  checkWatch(check, badRoots);
  checkFamilies(check);
  checkNegativeControls(check);
  checkPositiveControls(check);
  checkAlikeControls(check);
  checkFullPairs(check);
  checkLineage(check);
  checkReplies(check);
  checkObjections(check);
  checkRules(check);
  return problems;
}

function checkIds(check: Check): void {
  const first = new Map<string, { readonly id: string; readonly path: Path }>();
  for (const list of ['subjects', 'references'] as const) {
    check.file[list].forEach(({ id }, index) => {
      const path = [list, index, 'id'];
      // Ids become parts of links and file names, which not every system tells apart by case.
      const other = first.get(id.toLowerCase());
      if (other === undefined) first.set(id.toLowerCase(), { id, path });
      else {
        const line = `line ${check.lineOf(other.path)}`;
        const text =
          other.id === id
            ? `must be unique, got ${shown(id)} as in ${line}`
            : `must differ by more than case from ${shown(other.id)} in ${line}, got ${shown(id)}`;
        check.report(path, text);
      }
    });
  }
}

/** Reports roots that cannot be resolved, and names them: sources below them are not reported again. */
function checkRoots(check: Check): ReadonlySet<string> {
  const bad = Object.entries(check.file.storage ?? {}).filter(
    ([name, root]) => refusal(check, ['storage', name], () => resolveRoot(root, ANY_PROGRAMME)) === null,
  );
  return new Set(bad.map(([name]) => name));
}

/** A release may be both subject and reference; twice among the subjects or the references it is a slip. */
function checkSources(check: Check, badRoots: ReadonlySet<string>): void {
  const { file, report, lineOf } = check;
  const resolveAt = resolver(check, badRoots);
  for (const list of ['subjects', 'references'] as const) {
    const first = new Map<string, Path>();
    file[list].forEach(({ source }, index) => {
      const path = [list, index, 'source'];
      const uri = resolveAt(path, source);
      const other = uri === null ? undefined : first.get(uri);
      if (other !== undefined) report(path, `must differ from the source in line ${lineOf(other)}`);
      else if (uri !== null) first.set(uri, path);
    });
  }
  file.subjects.forEach(({ training }, index) => {
    if (training !== undefined) resolveAt(['subjects', index, 'training'], training);
  });
}

/** Where a source lies; null, with a problem unless its root has one, where it cannot be told. */
function resolver(
  check: Check,
  badRoots: ReadonlySet<string>,
): (path: Path, source: string) => string | null {
  const programme = { roots: check.file.storage ?? {} };
  return (path, source) =>
    badRoots.has(source.slice(0, Math.max(source.indexOf(':'), 0)))
      ? null
      : refusal(check, path, () => resolveSource(programme, source, ANY_PROGRAMME));
}

/** A release that two prefixes hold would be audited twice. */
function checkWatch(check: Check, badRoots: ReadonlySet<string>): void {
  const { watch = {} } = check.file;
  const resolveAt = resolver(check, badRoots);
  const first = new Map<string, Path>();
  (watch.prefixes ?? []).forEach(({ prefix }, index) => {
    const path = ['watch', 'prefixes', index, 'prefix'];
    const uri = resolveAt(path, prefix);
    const other = uri === null ? undefined : first.get(uri);
    if (other !== undefined) check.report(path, `must differ from the prefix in line ${check.lineOf(other)}`);
    else if (uri !== null) first.set(uri, path);
  });
  if (watch.catch_up !== undefined && milliseconds(watch.catch_up) < LEAST_CATCH_UP) {
    check.report(['watch', 'catch_up'], `must be at least 10s, got ${shown(watch.catch_up)}`);
  }
  if (watch.every !== undefined && (watch.prefixes ?? []).length === 0) {
    check.report(['watch', 'every'], 'must stand beside prefixes to look at');
  }
}

/** What `resolve` returns; null, with a problem, where it refuses. */
function refusal({ report }: Check, path: Path, resolve: () => string): string | null {
  try {
    return resolve();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    report(path, error.message);
    return null;
  }
}

/** A family named like a reference must be that reference's family. */
function checkFamilies({ file, report }: Check): void {
  const familyOf = families(file);
  file.references.forEach(({ family }, index) => {
    const named = family === undefined ? undefined : familyOf.get(family);
    if (named !== undefined && named !== family) {
      report(
        ['references', index, 'family'],
        `must be ${shown(named)}, the family of the reference ${shown(family)}, or another name`,
      );
    }
  });
}

function checkNegativeControls(check: Check): void {
  const seen = new Set<string>();
  (check.file.controls?.negative ?? []).forEach((id, index) => {
    const path = ['controls', 'negative', index];
    if (!isReference(check, path, id)) return;
    if (seen.has(id)) check.report(path, `must not be listed twice, got ${shown(id)}`);
    seen.add(id);
  });
}

function checkPositiveControls(check: Check): void {
  const familyOf = families(check.file);
  const seen = new Set<string>();
  (check.file.controls?.positive ?? []).forEach(({ derivative, base }, index) => {
    const path: Path = ['controls', 'positive', index];
    const known = [
      isReference(check, [...path, 'derivative'], derivative),
      isReference(check, [...path, 'base'], base),
    ];
    if (known.includes(false)) return;
    if (derivative === base) {
      check.report([...path, 'base'], `must not be the derivative itself, got ${shown(base)}`);
    } else if (familyOf.get(derivative) !== familyOf.get(base)) {
      const [a, b] = [familyOf.get(derivative), familyOf.get(base)].map(shown);
      check.report(
        path,
        `must be of one family, got ${shown(derivative)} of ${a} and ${shown(base)} of ${b}`,
      );
    } else if (seen.has(`${derivative} ${base}`)) {
      check.report(path, `must not be listed twice, got ${shown(derivative)} from ${shown(base)}`);
    }
    seen.add(`${derivative} ${base}`);
  });
}

/** Models of one family descend from each other: they say nothing about what independent models have in common. */
function checkAlikeControls(check: Check): void {
  const familyOf = families(check.file);
  (check.file.controls?.alike ?? []).forEach(([a, b], index) => {
    const path: Path = ['controls', 'alike', index];
    const known = [isReference(check, [...path, 0], a), isReference(check, [...path, 1], b)];
    if (!known.includes(false) && familyOf.get(a) === familyOf.get(b)) {
      check.report(path, `must be of two families, got ${shown(a)} and ${shown(b)} of one`);
    }
  });
}

function checkFullPairs(check: Check): void {
  const subjects = new Set(check.file.subjects.map(({ id }) => id));
  const seen = new Set<string>();
  (check.file.full ?? []).forEach(({ subject, reference }, index) => {
    if (!subjects.has(subject)) {
      const text = `must be the id of a subject, got ${shown(subject)}${didYouMean(subject, subjects)}`;
      check.report(['full', index, 'subject'], text);
    }
    isReference(check, ['full', index, 'reference'], reference);
    if (seen.has(`${subject} ${reference}`)) check.report(['full', index], 'must not be listed twice');
    seen.add(`${subject} ${reference}`);
  });
}

/** An ancestor may be free text, so only a release that names itself is wrong. */
function checkLineage(check: Check): void {
  check.file.subjects.forEach(({ id, declared = [] }, index) => {
    declared.forEach(({ from, date }, entry) => {
      const path: Path = ['subjects', index, 'declared', entry];
      if (from === id) check.report([...path, 'from'], `must be another model, got ${shown(from)}`);
      if (date !== undefined) checkDay(check, [...path, 'date'], date);
    });
  });
}

/** A reply is about a reference of this audit, or about all of them. */
function checkReplies(check: Check): void {
  check.file.subjects.forEach(({ replies = [] }, index) => {
    replies.forEach(({ reference, date }, entry) => {
      const path: Path = ['subjects', index, 'replies', entry];
      if (reference !== undefined) isReference(check, [...path, 'reference'], reference);
      checkDay(check, [...path, 'date'], date);
    });
  });
}

function checkObjections(check: Check): void {
  const { objections_until: day } = check.file;
  if (day !== undefined) checkDay(check, ['objections_until'], day);
}

/** The form of a day is checked before: what is left are days that no month has. */
function checkDay({ report }: Check, path: Path, day: string): void {
  const time = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, day.length) !== day) {
    report(path, `must be a day of the calendar, got ${shown(day)}`);
  }
}

function checkRules({ file: { rules }, report }: Check): void {
  const name = typeof rules === 'string' ? rules : rules?.id;
  if (name === undefined || isBuiltIn(name) || isRulesPath(name)) return;
  const known = `must be ${BUILT_IN_RULES.join(', ')}, or the path of a .yaml file below this one`;
  const path = typeof rules === 'string' ? ['rules'] : ['rules', 'id'];
  report(path, `${known}, got ${shown(name)}${didYouMean(name, BUILT_IN_RULES)}`);
}

function isReference({ file, report }: Check, path: Path, id: string): boolean {
  const ids = file.references.map((reference) => reference.id);
  if (ids.includes(id)) return true;
  const role = file.subjects.some((subject) => subject.id === id) ? ', a subject' : didYouMean(id, ids);
  report(path, `must be the id of a reference, got ${shown(id)}${role}`);
  return false;
}

function families(file: ProgrammeFile): ReadonlyMap<string, string> {
  return new Map(file.references.map(({ id, family }) => [id, family ?? id]));
}
