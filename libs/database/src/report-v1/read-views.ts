import type pg from 'pg';

/** A column of a view of `report_v1`. */
export interface ViewColumn {
  readonly name: string;
  /** As Postgres names it, e.g. `double precision[]`. */
  readonly type: string;
  /** Its COMMENT; null where there is none. */
  readonly comment: string | null;
}

/** A view, or a function that gives rows, with its columns in order. */
export interface ReportView {
  /** With the argument types of a function, e.g. `changes_between(bigint, bigint)`. */
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly ViewColumn[];
}

/** The public surface of the results. */
export interface ReportSchema {
  readonly comment: string | null;
  readonly views: readonly ReportView[];
  readonly functions: readonly ReportView[];
}

const COLUMNS = `select view.relname as view, obj_description(view.oid, 'pg_class') as view_comment,
    attribute.attname as name, format_type(attribute.atttypid, attribute.atttypmod) as type,
    col_description(view.oid, attribute.attnum) as comment
  from pg_class view
  join pg_attribute attribute on attribute.attrelid = view.oid and attribute.attnum > 0 and not attribute.attisdropped
  where view.relnamespace = 'report_v1'::regnamespace and view.relkind in ('v', 'm')
  order by view.relname, attribute.attnum`;

/** The columns of a function have no comments of their own: they are those of a view. */
const RESULTS = `select procedure.proname || '(' || oidvectortypes(procedure.proargtypes) || ')' as view,
    obj_description(procedure.oid, 'pg_proc') as view_comment,
    result.name, format_type(result.type, null) as type, null as comment
  from pg_proc procedure
  cross join lateral unnest(procedure.proargnames, procedure.proallargtypes, procedure.proargmodes)
    with ordinality as result (name, type, mode, place)
  where procedure.pronamespace = 'report_v1'::regnamespace and result.mode = 't'
  order by 1, result.place`;

interface Row extends ViewColumn {
  readonly view: string;
  readonly view_comment: string | null;
}

/** Reads the views and functions of `report_v1` with their comments from a migrated database. */
export async function readReportSchema(pool: pg.Pool): Promise<ReportSchema> {
  const { rows } = await pool.query<{ comment: string | null }>(
    `select obj_description('report_v1'::regnamespace, 'pg_namespace') as comment`,
  );
  const views = await pool.query<Row>(COLUMNS);
  const functions = await pool.query<Row>(RESULTS);
  return {
    comment: rows[0]?.comment ?? null,
    views: grouped(views.rows),
    functions: grouped(functions.rows),
  };
}

function grouped(rows: readonly Row[]): ReportView[] {
  const views = new Map<string, { comment: string | null; columns: ViewColumn[] }>();
  for (const { view, view_comment: text, name, type, comment } of rows) {
    const known = views.get(view) ?? { comment: text, columns: [] };
    known.columns.push({ name, type, comment });
    views.set(view, known);
  }
  return [...views].map(([name, view]) => ({ name, ...view }));
}
