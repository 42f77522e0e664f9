import type { Comparison } from './comparison.js';
import { NOT_KEPT } from './partial-results.js';
import { GROUP_PARAMETERS, tensorGroups } from './tensor-groups.js';

/** What a comparison says of how it is cut. */
export type Cut = Pick<
  Comparison,
  'component' | 'subject' | 'reference' | 'partials' | 'groupParameters' | 'group'
>;

/** The groups that tensors of one side are in. */
export interface GroupedTensors {
  readonly count: number;
  /** Group of a tensor. */
  readonly groupOf: (key: string) => number;
  /** What a partial result is called beside what it is of: which group of how many, and how they were cut. */
  readonly nameOf: (group: number) => string;
}

/** Groups of one side; a single one unless both sides are read in full. */
export function groupedTensors(
  comparison: Cut,
  side: 'subject' | 'reference',
  component = comparison.component,
): GroupedTensors {
  const { subject, reference, groupParameters = GROUP_PARAMETERS } = comparison;
  const whole = subject.mode !== 'full' || reference.mode !== 'full';
  const groups = whole ? [] : tensorGroups(comparison[side], component, groupParameters);
  const places = new Map(groups.flatMap((keys, group) => keys.map((key) => [key, group] as const)));
  return {
    count: Math.max(1, groups.length),
    groupOf: (key) => places.get(key) ?? 0,
    nameOf: (group) => `${group}/${groups.length} of ${groupParameters}`,
  };
}

/** A group's result, and the places of its items in the list that was cut. */
export interface GroupResult<R> {
  readonly result: R;
  readonly places: readonly number[];
}

/**
 * Measures items by the groups that their tensors of the subject are in, in the order of the groups: what a group gives is
 * kept, and is the same bits whether one process measures all groups or each of many one. A component of one group is
 * measured at once.
 *
 * @param name what is measured, beside the two models and the component.
 * @param tensorOf key of a tensor of the subject that belongs to the item.
 */
export async function inGroups<I, R>(
  comparison: Cut,
  name: readonly string[],
  items: readonly I[],
  tensorOf: (item: I) => string,
  measure: (items: readonly I[]) => Promise<R>,
): Promise<GroupResult<R>[]> {
  const { component, subject, reference, partials = NOT_KEPT } = comparison;
  const { count, groupOf, nameOf } = groupedTensors(comparison, 'subject');
  if (count === 1) {
    // Nothing of it is kept, so that whoever looks at one group has nothing to do.
    if (comparison.group !== undefined) return [];
    return [{ result: await measure(items), places: items.map((_, place) => place) }];
  }
  const members = Array.from({ length: count }, (): number[] => []);
  items.forEach((item, place) => members[groupOf(tensorOf(item))]?.push(place));
  const results: GroupResult<R>[] = [];
  for (const [group, places] of members.entries()) {
    if (places.length === 0 || (comparison.group ?? group) !== group) continue;
    const own = places.flatMap((place) => items.slice(place, place + 1));
    const named = [...name, subject.id, reference.id, component, nameOf(group)];
    results.push({ result: await partials.get(named, () => measure(own)), places });
  }
  return results;
}

/** As {@link inGroups}, of items that are measured one by one, in the order of the items. */
export async function eachInGroups<I, R>(
  comparison: Cut,
  name: readonly string[],
  items: readonly I[],
  tensorOf: (item: I) => string,
  measure: (item: I) => Promise<R>,
): Promise<{ item: I; result: R }[]> {
  const groups = await inGroups(comparison, name, items, tensorOf, async (own) => {
    const results: R[] = [];
    for (const item of own) results.push(await measure(item));
    return results;
  });
  const measured = new Map<number, R>();
  for (const { result, places } of groups) {
    result.forEach((own, index) => measured.set(places[index] ?? NaN, own));
  }
  return items.flatMap((item, place) => {
    const result = measured.get(place);
    return result === undefined ? [] : [{ item, result }];
  });
}
