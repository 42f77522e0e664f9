import type { ReportSchema } from './read-views.js';

/** Columns of each view and function as they were published: name and type, in order. */
export type PublishedColumns = Readonly<Record<string, readonly (readonly [name: string, type: string])[]>>;

/** What `report_v1` publishes now. */
export function publishedColumns({ views, functions }: ReportSchema): PublishedColumns {
  return Object.fromEntries(
    [...views, ...functions].map((view) => [
      view.name,
      view.columns.map(({ name, type }) => [name, type] as const),
    ]),
  );
}

/**
 * What a change of `report_v1` would break: views and columns that were published and are removed, renamed, retyped
 * or at another place now. Columns at the end and new views break nothing.
 */
export function brokenColumns(published: PublishedColumns, now: PublishedColumns): string[] {
  return Object.entries(published).flatMap(([view, columns]) => {
    const present = now[view];
    if (present === undefined) return [`${view} is gone`];
    return columns.flatMap(([name, type], place) => {
      const [nameNow, typeNow] = present[place] ?? [null, null];
      if (nameNow !== name) return [`${view}.${name} is gone, or at another place`];
      return typeNow === type ? [] : [`${view}.${name} was ${type} and is ${typeNow}`];
    });
  });
}
