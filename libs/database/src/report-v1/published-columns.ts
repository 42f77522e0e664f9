import type { ReportSchema } from './read-views.js';

/** Columns of each view and function as they were published: their types by name, in order. */
export type PublishedColumns = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What `report_v1` publishes now. */
export function publishedColumns({ views, functions }: ReportSchema): PublishedColumns {
  return Object.fromEntries(
    [...views, ...functions].map((view) => [
      view.name,
      Object.fromEntries(view.columns.map(({ name, type }) => [name, type])),
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
    const names = Object.keys(present);
    return Object.entries(columns).flatMap(([name, type], place) => {
      if (names[place] !== name) return [`${view}.${name} is gone, or at another place`];
      return present[name] === type ? [] : [`${view}.${name} was ${type} and is ${present[name]}`];
    });
  });
}
