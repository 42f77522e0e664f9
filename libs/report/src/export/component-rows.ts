import { createHash } from 'node:crypto';
import { canonicalJson, type ComponentVerdict, type PairResult, type ResultDocument } from '@jokbo/contracts';
import { lookUp, type DocumentLookup } from '../document-lookup.js';
import { repliesTo } from '../team-statements.js';
import { visibleText } from '../visible-text.js';

/** How a column of a table is typed; every type allows null. */
export type ColumnType = 'text' | 'integer' | 'number' | 'flag';

/** Columns of the table of component × reference, in their fixed order. New ones are added at the end. */
export const COMPONENT_COLUMNS = {
  result_sha256: 'text',
  programme: 'text',
  rule_set: 'text',
  subject: 'text',
  release: 'text',
  team: 'text',
  reference: 'text',
  reference_name: 'text',
  reference_family: 'text',
  component: 'text',
  verdict: 'text',
  type: 'text',
  pair_verdict: 'text',
  declared: 'flag',
  mode: 'text',
  statistic: 'text',
  z: 'number',
  z_calibrated: 'number',
  log10_p: 'number',
  log10_p_adjusted: 'number',
  r: 'number',
  r_low: 'number',
  r_high: 'number',
  r_min: 'number',
  r_required: 'number',
  n_eff: 'number',
  tensors: 'integer',
  parameters: 'integer',
  parameters_linked: 'integer',
  bytes_identical: 'integer',
  controls_passed: 'integer',
  controls_due: 'integer',
  reasons: 'text',
  records: 'text',
  subject_fingerprint: 'text',
  reference_fingerprint: 'text',
  tool_version: 'text',
  sampling: 'text',
  reproduce: 'text',
  team_replies: 'integer',
} as const satisfies Readonly<Record<string, ColumnType>>;

export type ComponentColumn = keyof typeof COMPONENT_COLUMNS;

interface ValueOf {
  readonly text: string | null;
  readonly integer: number | null;
  readonly number: number | null;
  readonly flag: boolean | null;
}

/**
 * One component of one release against one reference. A figure that was not measured is null. Text is safe to show:
 * control and format characters stand as visible escapes.
 */
export type ComponentRow = { readonly [C in ComponentColumn]: ValueOf[(typeof COMPONENT_COLUMNS)[C]] };

/** SHA-256 of a result document as canonical JSON: its address. */
export function resultDigest(document: ResultDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex');
}

/** The flat table behind the tabular formats: a row per component × reference, in the order of the document. */
export function componentRows(document: ResultDocument): ComponentRow[] {
  const lookup = lookUp(document);
  const result = resultDigest(document);
  const measured = document.pairs.flatMap((pair) =>
    pair.verdict.components.map((component) => componentRow(lookup, result, pair, component)),
  );
  return [...measured, ...unreadRows(document, result)];
}

/** A release that could not be read has no components: one row says so. */
function unreadRows(document: ResultDocument, result: string): ComponentRow[] {
  const empty = Object.fromEntries(Object.keys(COMPONENT_COLUMNS).map((column) => [column, null])) as {
    readonly [C in ComponentColumn]: null;
  };
  return (document.failures?.models ?? []).flatMap((failed): ComponentRow[] => {
    if (failed.role !== 'subject') return [];
    return [
      {
        ...empty,
        result_sha256: result,
        programme: visibleText(document.programme.name),
        rule_set: visibleText(document.rules.id),
        subject: visibleText(failed.id),
        release: visibleText(failed.name),
        team: shown(failed.team),
        verdict: 'not_comparable',
        reasons: 'release-failed',
        tool_version: visibleText(document.tool.version),
        sampling: visibleText(document.tool.sampling),
      },
    ];
  });
}

function componentRow(
  { document, modelOf, nameOf }: DocumentLookup,
  result: string,
  pair: PairResult,
  component: ComponentVerdict,
): ComponentRow {
  const subject = modelOf(pair.subject);
  const reference = modelOf(pair.reference);
  const due = pair.verdict.controls.filter(
    (control) => control.component === component.component && control.passed !== null,
  );
  return {
    result_sha256: result,
    programme: visibleText(document.programme.name),
    rule_set: visibleText(document.rules.id),
    subject: visibleText(pair.subject),
    release: shown(subject?.name),
    team: shown(subject?.team),
    reference: visibleText(pair.reference),
    reference_name: visibleText(nameOf(pair.reference)),
    reference_family: shown(reference?.family),
    component: component.component,
    verdict: component.verdict,
    type: shown(component.type),
    pair_verdict: pair.verdict.verdict,
    declared: pair.verdict.declared,
    mode: pair.mode,
    statistic: shown(component.statistic),
    z: component.z,
    z_calibrated: component.z_calibrated,
    log10_p: component.log10_p,
    log10_p_adjusted: component.log10_p_adjusted,
    r: component.r,
    r_low: component.r_interval?.[0] ?? null,
    r_high: component.r_interval?.[1] ?? null,
    r_min: component.r_min,
    r_required: component.r_required,
    n_eff: component.n_eff,
    tensors: component.tensors,
    parameters: component.parameters,
    parameters_linked: component.parameters_linked,
    bytes_identical: component.bytes_identical,
    controls_passed: due.filter(({ passed }) => passed === true).length,
    controls_due: due.length,
    reasons: visibleText(component.reasons.map(({ code }) => code).join(';'), Infinity),
    records: visibleText(component.reasons.flatMap(({ records }) => records).join(';'), Infinity),
    subject_fingerprint: shown(subject?.fingerprint),
    reference_fingerprint: shown(reference?.fingerprint),
    tool_version: visibleText(document.tool.version),
    sampling: visibleText(document.tool.sampling),
    reproduce: visibleText(pair.reproduce, Infinity),
    team_replies: repliesTo(document, pair.subject, pair.reference, component.component),
  };
}

function shown(text: string | null | undefined): string | null {
  return text == null ? null : visibleText(text);
}
