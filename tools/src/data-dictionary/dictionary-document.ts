import type { ReportSchema, ReportView } from '@jokbo/database';

/** The Korean texts: of the schema, of columns that several views have, and of each view. */
export interface KoreanTexts {
  readonly schema: string;
  /** By the name of the column. A view's own text comes before it. */
  readonly common: Readonly<Record<string, string>>;
  readonly views: Readonly<
    Record<string, { readonly text: string; readonly columns: Readonly<Record<string, string>> }>
  >;
  /** By the name of the function. */
  readonly functions: Readonly<Record<string, string>>;
}

const HEAD = `# Data dictionary · 데이터 사전

Made by \`npm run dictionary\` from the comments of the database; do not edit. Analysts read the views of the schema
\`report_v1\` as the role \`analyst_ro\`: \`npx jokbo query\`, or any client with what \`npx jokbo db\` prints.
Questions with their queries are in [queries.md](queries.md).

\`npm run dictionary\`가 데이터베이스의 설명에서 만든 문서이므로 고치지 않는다. 분석가는 역할 \`analyst_ro\`로 스키마
\`report_v1\`의 뷰를 읽는다: \`npx jokbo query\`, 또는 \`npx jokbo db\`가 알려 주는 주소로 접속하는 도구.
`;

/** What lacks an English or a Korean text, or has a Korean text and is not there. */
export function missingTexts(schema: ReportSchema, korean: KoreanTexts): string[] {
  const missing = schema.comment === null ? ['schema: English'] : [];
  for (const view of schema.views) {
    const own = korean.views[view.name];
    if (view.comment === null) missing.push(`${view.name}: English`);
    if (own === undefined) missing.push(`${view.name}: Korean`);
    for (const { name, comment } of view.columns) {
      if (comment === null) missing.push(`${view.name}.${name}: English`);
      if (koreanOf(korean, view, name) === undefined) missing.push(`${view.name}.${name}: Korean`);
    }
    const names = new Set(view.columns.map(({ name }) => name));
    const unknown = Object.keys(own?.columns ?? {}).filter((name) => !names.has(name));
    missing.push(...unknown.map((name) => `${view.name}.${name}: no such column`));
  }
  for (const { name, comment } of schema.functions) {
    if (comment === null) missing.push(`${name}: English`);
    if (korean.functions[plainName(name)] === undefined) missing.push(`${name}: Korean`);
  }
  const known = new Set(schema.views.map(({ name }) => name));
  return [
    ...missing,
    ...Object.keys(korean.views).flatMap((name) => (known.has(name) ? [] : [`${name}: no such view`])),
  ];
}

/**
 * The data dictionary as Markdown, in English and Korean.
 *
 * @throws RangeError when a text is missing.
 */
export function dictionaryDocument(schema: ReportSchema, korean: KoreanTexts): string {
  const missing = missingTexts(schema, korean);
  if (missing.length > 0) throw new RangeError(`texts are missing: ${missing.join('; ')}`);
  const functions = schema.functions.map(
    ({ name, comment, columns }) =>
      `## ${name}\n\n${comment ?? ''}\n\n${korean.functions[plainName(name)] ?? ''}\n\n${columns
        .map((column) => `\`${column.name}\``)
        .join(', ')}\n`,
  );
  return [
    HEAD,
    `${schema.comment ?? ''}\n\n${korean.schema}\n`,
    ...schema.views.map((view) => viewSection(view, korean)),
    ...functions,
  ].join('\n');
}

function viewSection(view: ReportView, korean: KoreanTexts): string {
  const rows = view.columns.map(({ name, type, comment }) =>
    [`\`${name}\``, type, comment ?? '', koreanOf(korean, view, name) ?? ''].map(cell).join(' | '),
  );
  return `## ${view.name}

${view.comment ?? ''}

${korean.views[view.name]?.text ?? ''}

| column · 열 | type · 형 | English | 한국어 |
| --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function koreanOf(korean: KoreanTexts, view: ReportView, column: string): string | undefined {
  return korean.views[view.name]?.columns[column] ?? korean.common[column];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function plainName(name: string): string {
  return name.slice(0, name.indexOf('('));
}
