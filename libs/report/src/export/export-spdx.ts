import {
  COMPONENTS,
  POSITIVE_VERDICTS,
  type PairResult,
  type ResultDocument,
  type TeamStatements,
} from '@jokbo/contracts';
import { visibleText } from '../visible-text.js';
import { componentRows, resultDigest, type ComponentRow } from './component-rows.js';
import { plainJson } from './plain-json.js';
import { spdxModel, type SpdxElement } from './spdx-model.js';

export interface SpdxOptions {
  /** Seconds since 1970; default 0. */
  readonly created?: number | undefined;
}

const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
const CREATION = '_:creation';

/**
 * An AI-BOM in SPDX 3.0.1 JSON-LD. Models are AI packages. Lineage that a team declared is a relationship
 * `descendantOf`; shared weights that were measured are one of type `other`, since the tests are symmetric and do not
 * tell who descends from whom. Every pair has an annotation with all of its figures, linked or not, and every release
 * one with what its team declared and answered.
 */
export function exportSpdx(document: ResultDocument, options: SpdxOptions = {}): string {
  const digest = resultDigest(document);
  const base = `https://spdx.org/spdxdocs/jokbo-${digest}#`;
  const idOf = new Map(document.models.map(({ id }, at) => [id, `${base}model-${at}`]));
  const agent = element('SoftwareAgent', `${base}agent`, { name: 'jokbo' });
  const tool = element('Tool', `${base}tool`, {
    name: visibleText(`${document.tool.name} ${document.tool.version}`),
    comment: visibleText(`sampling ${document.tool.sampling}, rule set ${document.rules.id}`),
  });
  const teams = [...new Set(document.models.flatMap(({ team }) => team ?? []))];
  const teamIds = new Map(teams.map((team, at) => [team, `${base}team-${at}`]));
  const suppliers = [...teamIds].map(([team, id]) =>
    element('Organization', id, { name: visibleText(team) }),
  );
  const models = document.models.flatMap((model, at) =>
    spdxModel(
      model,
      `${base}model-${at}`,
      model.team === null ? undefined : teamIds.get(model.team),
      element,
    ),
  );
  const rows = componentRows(document);
  let next = 0;
  const pairs = document.pairs.flatMap((pair, at) => {
    const own = rows.slice(next, next + pair.verdict.components.length);
    next += pair.verdict.components.length;
    const [from, to] = [idOf.get(pair.subject), idOf.get(pair.reference)];
    return from === undefined || to === undefined
      ? []
      : pairElements(pair, own, from, to, `${base}pair-${at}`);
  });
  const statements = (document.statements ?? []).flatMap((entry, at) => {
    const model = idOf.get(entry.subject);
    return model === undefined ? [] : [statementsElement(entry, model, `${base}statements-${at}`)];
  });
  const elements = [agent, tool, ...suppliers, ...models, ...pairs, ...statements];
  const subjects = document.models.filter(({ role }) => role === 'subject');
  const bom = element('software_Sbom', `${base}bom`, {
    name: visibleText(document.programme.name),
    software_sbomType: ['analyzed'],
    profileConformance: ['core', 'software', 'ai'],
    rootElement: subjects.flatMap(({ id }) => idOf.get(id) ?? []),
    element: elements.map(({ spdxId }) => spdxId),
  });
  const spdx = element('SpdxDocument', `${base}document`, {
    name: visibleText(`Lineage audit: ${document.programme.name}`),
    comment: `SHA-256 of the result document: ${digest}`,
    profileConformance: ['core', 'software', 'ai'],
    rootElement: [bom.spdxId],
    element: [...elements, bom].map(({ spdxId }) => spdxId),
  });
  const creation = {
    '@id': CREATION,
    type: 'CreationInfo',
    specVersion: '3.0.1',
    created: new Date((options.created ?? 0) * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    createdBy: [agent.spdxId],
    createdUsing: [tool.spdxId],
    comment:
      'A result document has no time: the time of creation is SOURCE_DATE_EPOCH, else the start of 1970.',
  };
  return `${plainJson({ '@context': CONTEXT, '@graph': [creation, spdx, bom, ...elements] })}\n`;
}

function element(type: string, spdxId: string, properties: Readonly<Record<string, unknown>>): SpdxElement {
  return { type, spdxId, creationInfo: CREATION, ...properties };
}

function statementsElement(statements: TeamStatements, model: string, id: string): SpdxElement {
  return element('Annotation', id, {
    annotationType: 'other',
    subject: model,
    comment: 'what the team declared and answered',
    contentType: 'application/json',
    statement: plainJson(statements),
  });
}

function pairElements(
  pair: PairResult,
  rows: readonly ComponentRow[],
  from: string,
  to: string,
  id: string,
): SpdxElement[] {
  const { verdict, declared } = pair.verdict;
  const edges: SpdxElement[] = [];
  if (declared) {
    edges.push(
      element('Relationship', `${id}-declared`, {
        relationshipType: 'descendantOf',
        from,
        to: [to],
        completeness: 'noAssertion',
        comment: 'declared by the team',
      }),
    );
  }
  if (POSITIVE_VERDICTS.includes(verdict)) {
    const named = COMPONENTS.filter((component) =>
      rows.some(
        (row) =>
          row.component === component && POSITIVE_VERDICTS.some((positive) => positive === row.verdict),
      ),
    );
    edges.push(
      element('Relationship', `${id}-measured`, {
        relationshipType: 'other',
        from,
        to: [to],
        completeness: 'incomplete',
        comment: `measured: ${verdict} (${named.join(', ')}); the direction of descent is not measured`,
      }),
    );
  }
  const annotation = element('Annotation', `${id}-figures`, {
    annotationType: 'other',
    subject: edges.at(-1)?.spdxId ?? from,
    contentType: 'application/json',
    statement: plainJson(rows),
  });
  return [...edges, annotation];
}
