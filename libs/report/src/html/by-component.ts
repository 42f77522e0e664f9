import { COMPONENTS, type Component } from '@jokbo/contracts';

export interface ComponentGroup<Row> {
  readonly component: Component;
  /** Rows with their position in the list they came from. */
  readonly rows: readonly { readonly row: Row; readonly position: number }[];
}

/** Groups rows by component, in the order of reports; rows keep their order within a group. */
export function byComponent<Row extends { readonly component: Component }>(
  rows: readonly Row[],
): ComponentGroup<Row>[] {
  return COMPONENTS.map((component) => ({
    component,
    rows: rows.map((row, position) => ({ row, position })).filter((item) => item.row.component === component),
  })).filter((group) => group.rows.length > 0);
}
