import type { Component } from '@jokbo/contracts';

/**
 * Largest difference of a figure that was measured again, relative to the figure or to 1, whichever is larger. Sums run
 * in fixed order and are equal bit for bit on one kind of machine; another may round the last digits otherwise.
 */
export const REPRODUCE_TOLERANCE = 1e-9;

type FigureValue = string | number | null;

/** One figure that was published, and what it is when measured again. */
export interface ReproducedFigure {
  readonly component: Component | '';
  /** Which figure: `subject fingerprint`, or method and name as in the evidence record. */
  readonly name: string;
  /** Evidence or control record that holds it, or null. */
  readonly record: string | null;
  readonly published: FigureValue;
  readonly measured: FigureValue;
  readonly match: boolean;
}

/** Where figures belong to. */
export interface FigurePlace {
  readonly component: Component | '';
  readonly record: string | null;
  /** Stands before the name of each figure. */
  readonly of: string;
}

/** One figure of a place. */
export function figureOf(
  { component, record, of }: FigurePlace,
  name: string,
  published: FigureValue,
  measured: FigureValue,
): ReproducedFigure {
  return {
    ...{ component, record, published, measured },
    name: [of, name].filter((part) => part !== '').join(' '),
    match: differing(published, measured) === 0,
  };
}

/**
 * One figure for each key that either object has: of a text, number or truth value itself; of a list or object how many
 * of its values differ. What is null in both is no figure.
 *
 * @param leftOut keys that are not held against each other.
 */
export function objectFigures(
  place: FigurePlace,
  published: object | undefined,
  measured: object | undefined,
  leftOut: (key: string) => boolean = () => false,
): ReproducedFigure[] {
  const a = new Map<string, unknown>(Object.entries(published ?? {}));
  const b = new Map<string, unknown>(Object.entries(measured ?? {}));
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((key) => {
    const [own, other] = [a.get(key) ?? null, b.get(key) ?? null];
    if (leftOut(key) || (own === null && other === null)) return [];
    if (isFigure(own) && isFigure(other)) return [figureOf(place, key, shown(own), shown(other))];
    return [figureOf(place, `${key} that differ`, 0, differing(own, other))];
  });
}

/** Each published item with the measured one of the same name; where several have one name, in their order. */
export function paired<T>(
  published: readonly T[],
  measured: readonly T[],
  nameOf: (item: T) => string,
): (readonly [published: T, measured: T | undefined] | readonly [published: undefined, measured: T])[] {
  const left = new Map<string, T[]>();
  for (const item of measured) left.set(nameOf(item), [...(left.get(nameOf(item)) ?? []), item]);
  const both = published.map((item) => [item, left.get(nameOf(item))?.shift()] as const);
  return [...both, ...[...left.values()].flat().map((item) => [undefined, item] as const)];
}

/** How many values below differ; numbers by more than the tolerance. */
function differing(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= REPRODUCE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b)) ? 0 : 1;
  }
  if (isFigure(a) || isFigure(b)) return (a ?? null) === (b ?? null) ? 0 : 1;
  const [own, other] = [
    new Map<string, unknown>(Object.entries(a)),
    new Map<string, unknown>(Object.entries(b)),
  ];
  return [...new Set([...own.keys(), ...other.keys()])].reduce(
    (sum, key) => sum + differing(own.get(key), other.get(key)),
    0,
  );
}

function isFigure(value: unknown): value is string | number | boolean | null | undefined {
  return typeof value !== 'object' || value === null;
}

function shown(value: string | number | boolean | null | undefined): FigureValue {
  return typeof value === 'boolean' ? String(value) : (value ?? null);
}
