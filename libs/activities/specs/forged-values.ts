/** Keys from a value down to one of its parts. */
export type Path = readonly string[];

/** Paths of every text, number, truth value and null below. */
export function leaves(value: unknown, path: Path = []): Path[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]))
    : [path];
}

/** A copy with one value changed, a number by more than its tolerance. */
export function forged<T>(value: T, path: Path): T {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (typeof value === 'number') return (value + 0.01 + 1e-8 * Math.abs(value)) as T;
    return (typeof value === 'string' ? `${value}x` : typeof value === 'boolean' ? !value : 1) as T;
  }
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = forged(copy[key], rest);
  return copy as T;
}

/** A path without places in lists. */
export const nameOf = (path: Path): string => path.map((key) => (/^\d+$/.test(key) ? '#' : key)).join('.');
