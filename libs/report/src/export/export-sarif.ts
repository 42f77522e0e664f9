import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import {
  COMPONENTS,
  POSITIVE_VERDICTS,
  UsageError,
  type Component,
  type ModelSummary,
  type ResultDocument,
  type VerdictClass,
} from '@jokbo/contracts';
import { lookUp, type DocumentLookup } from '../document-lookup.js';
import { releaseFailures } from '../failures.js';
import { translator } from '../messages.js';
import { formatBytes, formatLog10P, formatR, formatZ } from '../numbers.js';
import { visibleText } from '../visible-text.js';
import { componentRows, type ComponentRow } from './component-rows.js';
import { withEscapes } from './plain-json.js';

/** Runs that GitHub's code scanning takes in one file. */
export const MAX_SARIF_RUNS = 20;
/** Results that it takes in one run; it shows 5,000. */
export const MAX_SARIF_RESULTS = 25_000;
/** Largest file that it takes. Bytes of gzip. */
export const MAX_SARIF_GZIP_BYTES = 10_000_000;

/** Kinds of SARIF for verdicts that are no finding. */
const KINDS: Readonly<Partial<Record<VerdictClass, string>>> = {
  invalid: 'review',
  inconclusive: 'open',
  no_link_found: 'pass',
  not_comparable: 'notApplicable',
};

/**
 * SARIF 2.1.0 for code scanning: one run per release, one result per component × reference. A rule is a component, so
 * that a verdict that moves stays the same alert; its fingerprint depends on release, reference and component alone.
 *
 * @throws UsageError beyond GitHub's limits on runs, results and bytes.
 */
export function exportSarif(document: ResultDocument): string {
  const lookup = lookUp(document);
  const rows = componentRows(document);
  const unread = (document.failures?.models ?? []).flatMap(({ id, role }) =>
    role === 'subject' ? [id] : [],
  );
  const subjects = [...new Set([...document.pairs.map(({ subject }) => subject), ...unread])];
  refuseBeyond(subjects.length, MAX_SARIF_RUNS, 'releases');
  const ofSubject = document.pairs.flatMap(({ subject, verdict }) => verdict.components.map(() => subject));
  const runs = subjects.map((subject) => {
    const own = rows.filter((_, at) => ofSubject[at] === subject);
    refuseBeyond(own.length, MAX_SARIF_RESULTS, 'results of one release');
    return { ...runOf(document, lookup.modelOf(subject), subject, own), ...invocationsOf(lookup, subject) };
  });
  const text = `${withEscapes(
    JSON.stringify({
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs,
    }),
  )}\n`;
  refuseBeyond(gzipSync(text).length, MAX_SARIF_GZIP_BYTES, 'bytes, packed by gzip');
  return text;
}

function refuseBeyond(count: number, most: number, what: string): void {
  if (count > most) {
    throw new UsageError(`SARIF for code scanning holds at most ${most} ${what}`, { value: count });
  }
}

/** Says that the run is incomplete, and what failed; nothing where nothing of it did. */
function invocationsOf(lookup: DocumentLookup, subject: string) {
  const failed = releaseFailures(lookup, subject, translator('en'), (text) => messageName(visibleText(text)));
  if (failed.length === 0) return {};
  const toolExecutionNotifications = failed.map((text) => ({ level: 'error', message: { text } }));
  return { invocations: [{ executionSuccessful: false, toolExecutionNotifications }] };
}

function runOf(
  document: ResultDocument,
  model: ModelSummary | undefined,
  subject: string,
  rows: readonly ComponentRow[],
) {
  const named = COMPONENTS.filter((component) => rows.some((row) => row.component === component));
  const path = model?.files[0]?.path ?? 'model';
  const uri = [subject, ...path.split('/')].map(uriSegment).join('/');
  return {
    tool: {
      driver: {
        name: document.tool.name,
        version: document.tool.version,
        rules: named.map(ruleOf),
      },
    },
    automationDetails: { id: `jokbo/${uriSegment(subject)}/` },
    columnKind: 'utf16CodeUnits',
    artifacts: [{ location: { uri } }],
    results: rows.map((row) => resultOf(row, uri, named.indexOf(row.component as Component))),
    properties: {
      result_sha256: rows[0]?.result_sha256 ?? null,
      rule_set: document.rules.id,
      rules_sha256: document.rules.digest,
      fingerprint: model?.fingerprint ?? null,
      statements: document.statements?.find((entry) => entry.subject === subject) ?? null,
      files: (model?.files ?? []).map(({ path, size, digest }) => ({ path, size, digest })),
      caveats: document.caveats,
    },
  };
}

function ruleOf(component: Component) {
  return {
    id: ruleId(component),
    name: `Lineage${component.charAt(0).toUpperCase()}${component.slice(1)}`,
    shortDescription: { text: `Lineage of the component ${component}` },
    fullDescription: {
      text:
        `Whether the weights of ${component} share an origin with those of a reference: permutation statistics with ` +
        'exact nulls and controls. A result without a link says that none was found in the families compared.',
    },
    help: {
      text: 'Read the verdict with its controls in report.html; the property reproduce measures it again.',
    },
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['lineage', 'weights'] },
  };
}

function resultOf(row: ComponentRow, uri: string, ruleIndex: number) {
  const hash = createHash('sha256')
    .update(['lineage/1', row.component, row.subject, row.reference].join('\n'))
    .digest('hex');
  const verdict = row.verdict as VerdictClass;
  const positive = POSITIVE_VERDICTS.includes(verdict);
  return {
    ruleId: ruleId(row.component),
    ruleIndex,
    kind: positive ? 'fail' : (KINDS[verdict] ?? 'review'),
    level: positive ? levelOf(row) : 'none',
    message: { text: messageText(row) },
    locations: [
      {
        // A component lies in many shards; code scanning wants one file and one line.
        physicalLocation: { artifactLocation: { uri, index: 0 }, region: { startLine: 1 } },
        logicalLocations: [
          { name: row.component, fullyQualifiedName: `${row.subject}/${row.component}`, kind: 'module' },
        ],
      },
    ],
    partialFingerprints: { 'lineage/v1': hash, primaryLocationLineHash: `${hash.slice(0, 32)}:1` },
    properties: row,
  };
}

function levelOf({ verdict, declared }: ComponentRow): string {
  if (declared === true) return 'note';
  return verdict === 'common_origin' ? 'warning' : 'error';
}

/** An unpaired surrogate has no bytes in a URI: it stands as a visible escape. */
function uriSegment(text: string): string {
  return encodeURIComponent(visibleText(text, Infinity));
}

function ruleId(component: string | null): string {
  return `jokbo/lineage/${component ?? ''}`;
}

function messageText(row: ComponentRow): string {
  const release = messageName(row.release ?? row.subject);
  const reference = messageName(row.reference_name ?? row.reference);
  const figures =
    row.z === null
      ? 'not measured'
      : `${messageName(row.statistic)}: z ${formatZ(row.z) ?? ''}, ` +
        `log10 p ${formatLog10P(row.log10_p) ?? 'not measured'}, r ${formatR(row.r) ?? 'not measured'}`;
  const declared = row.declared === true ? ' Declared by the team.' : '';
  return (
    `${release}, ${row.component ?? ''}, against ${reference}: ${(row.verdict ?? '').replaceAll('_', ' ')} ` +
    `(${figures}; ${formatBytes(row.bytes_identical) ?? 'no'} identical).${declared}`
  );
}

/** A name inside a message: SARIF reads `[text](link)` and `{0}` in it. */
function messageName(text: string | null): string {
  return (text ?? '').replace(/[\\[\]]/g, '\\$&').replace(/[{}]/g, '$&$&');
}
