import { isAlias, isMap, isScalar, isSeq, parseDocument, type ParsedNode, type YAMLMap } from 'yaml';
import { checkYamlSize } from './check-yaml-size.js';
import { placesOf, type Place } from './place.js';
import { keyPath, refuseProblems, shown, type Problem } from './problem.js';

type Path = readonly (string | number)[];

/** A key or value as a problem names it. */
export interface Location {
  readonly place: Place;
  readonly key: string;
}

/** Plain data read from YAML, with the place of everything in it. */
export interface YamlTree {
  /** Mappings have no prototype, so that no key can reach one. */
  readonly value: unknown;
  /** Duplicate keys, aliases and tags. */
  readonly problems: readonly Problem[];
  /** Where the key or list entry at a JSON pointer starts; for one that is not there, what is around it. */
  keyAt(pointer: string): Location;
  /** Where the value at a JSON pointer starts. */
  valueAt(pointer: string): Location;
}

interface Located {
  readonly path: Path;
  readonly keyOffset: number;
  readonly valueOffset: number;
}

interface Reading {
  readonly placeAt: (offset: number) => Place;
  readonly located: Map<string, Located>;
  readonly problems: Problem[];
}

/** Messages of the parser that speak of its workings, in the reader's terms. */
const PLAINER: ReadonlyMap<string, string> = new Map([
  ['BLOCK_AS_IMPLICIT_KEY', 'a value that holds ": " or ends with ":" must be in quotes'],
  ['MULTIPLE_DOCS', 'must hold one document, got more after "---" or "..."'],
  ['NON_STRING_KEY', 'a key must be a plain name'],
]);

/**
 * Reads one YAML 1.2 document into plain data. Aliases and tags are refused, so that nothing can expand.
 *
 * @throws UsageError when it is too large, not text, empty, or not YAML.
 */
export function readYaml(text: string, object: string): YamlTree {
  const placeAt = placesOf(text);
  const size = checkYamlSize(text);
  if (size !== null) {
    const place = size.offset === null ? null : placeAt(size.offset);
    refuseProblems([{ place, key: '', text: size.text }], object);
  }
  const document = parseDocument(text, {
    schema: 'core',
    stringKeys: true,
    resolveKnownTags: false,
    // The library's own check compares every key with every other one.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  const faults = [...document.errors, ...document.warnings].map(({ code, pos, message }): Problem => ({
    place: placeAt(pos[0]),
    key: '',
    text: PLAINER.get(code) ?? message,
  }));
  refuseProblems(faults, object);
  const root: ParsedNode | null = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    refuseProblems([{ place: null, key: '', text: 'must hold a mapping, got an empty file' }], object);
  }
  const reading: Reading = { placeAt, located: new Map(), problems: [] };
  const value = readNode(root, { path: [], pointer: '', keyOffset: 0, valueOffset: 0 }, reading);
  return {
    value,
    problems: reading.problems,
    keyAt: (pointer) => locationOf(pointer, 'keyOffset', reading),
    valueAt: (pointer) => locationOf(pointer, 'valueOffset', reading),
  };
}

/** The JSON pointer of a path. */
export function pointerOf(path: Path): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function locationOf(pointer: string, side: 'keyOffset' | 'valueOffset', reading: Reading): Location {
  let rest = pointer;
  let found = reading.located.get(rest);
  while (found === undefined && rest !== '') {
    rest = rest.slice(0, rest.lastIndexOf('/'));
    found = reading.located.get(rest);
  }
  return { place: reading.placeAt(found?.[side] ?? 0), key: keyPath(found?.path ?? []) };
}

interface Step extends Located {
  readonly pointer: string;
}

function readNode(node: ParsedNode | null, step: Step, reading: Reading): unknown {
  const { path, pointer } = step;
  reading.located.set(pointer, step);
  if (node === null) return null;
  const refuse = (text: string): void => {
    reading.problems.push({ place: reading.placeAt(step.valueOffset), key: keyPath(path), text });
  };
  if (isAlias(node)) {
    refuse(`must be written out, got the alias ${shown(`*${node.source}`)}`);
    return null;
  }
  if (node.tag !== undefined) refuse(`must have no tag, got ${shown(node.tag)}`);
  if (isMap(node)) return readMap(node, step, reading);
  if (isSeq(node)) {
    return node.items.map((item, index) => {
      const entry = item as ParsedNode | null;
      const offset = entry?.range[0] ?? step.valueOffset;
      return readNode(entry, stepInto(step, index, offset, offset), reading);
    });
  }
  return node.value;
}

function readMap(node: YAMLMap.Parsed, step: Step, reading: Reading): unknown {
  const value = Object.create(null) as Record<string, unknown>;
  for (const { key, value: entry } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const keyOffset = key.range[0];
    const next = stepInto(step, name, keyOffset, entry?.range[0] ?? keyOffset);
    if (name in value) {
      const first = locationOf(next.pointer, 'keyOffset', reading).place;
      const text = `is written twice, first in line ${first.line}`;
      reading.problems.push({ place: reading.placeAt(keyOffset), key: keyPath(next.path), text });
    } else {
      value[name] = readNode(entry, next, reading);
    }
  }
  return value;
}

function stepInto(step: Step, part: string | number, keyOffset: number, valueOffset: number): Step {
  const path = [...step.path, part];
  return { path, pointer: step.pointer + pointerOf([part]), keyOffset, valueOffset };
}
