/** Longest tensor name that is looked at, in UTF-16 units; published names stay below 200. */
export const NAME_LIMIT = 512;

/** Segments that are indices: no sign, no leading zero, at most six digits (`experts.007` is not an index). */
const INDEX = /^(?:0|[1-9]\d{0,5})$/;

/** A name with its index segments replaced by `#`, so that all layers and experts share one template. */
export interface NameTemplate {
  readonly text: string;
  /** The replaced indices from left to right. */
  readonly indices: readonly number[];
}

/** The template of a tensor name; null when the name is too long or already holds a `#`. */
export function nameTemplate(name: string): NameTemplate | null {
  if (name.length > NAME_LIMIT || name.includes('#')) return null;
  const indices: number[] = [];
  const segments = name.split('.').map((segment) => {
    if (!INDEX.test(segment)) return segment;
    indices.push(Number(segment));
    return '#';
  });
  return { text: segments.join('.'), indices };
}

/** Puts indices back for the `#` of `text`, taking them from `from` onwards. */
export function fillTemplate(text: string, indices: readonly number[], from: number): string {
  let next = from;
  return text.replaceAll('#', () => String(indices[next++] ?? '#'));
}

/** How many index segments stand in `text`. */
export function countIndices(text: string): number {
  return text.split('#').length - 1;
}
