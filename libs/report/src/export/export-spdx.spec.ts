import { describe, expect, it } from 'vitest';
import { resultDocument } from '../../specs/result-document.js';
import { schemaProblems } from '../../specs/schema-problems.js';
import { exportSpdx } from './export-spdx.js';

interface Element {
  readonly type: string;
  readonly spdxId?: string;
  readonly name?: string;
  readonly created?: string;
  readonly comment?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly element?: readonly string[];
  readonly rootElement?: readonly string[];
  readonly subject?: string;
  readonly relationshipType?: string;
  readonly suppliedBy?: string;
}

function graphOf(text: string): readonly Element[] {
  return (JSON.parse(text) as { readonly '@graph': readonly Element[] })['@graph'];
}

describe('exportSpdx', () => {
  const document = resultDocument();
  const text = exportSpdx(document);
  const graph = graphOf(text);

  it('is valid against the schema of SPDX 3.0.1', () => {
    expect(schemaProblems('spdx', text)).toEqual([]);
  });

  it('finds a problem where there is one', () => {
    expect(schemaProblems('spdx', text.replace('"descendantOf"', '"copiedFrom"'))).not.toEqual([]);
  });

  it('gives every element an id of its own and names none that is absent', () => {
    const ids = graph.flatMap(({ spdxId }) => spdxId ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const known = new Set([...ids, 'expandedlicensing_NoAssertionLicense']);
    const named = graph.flatMap(
      ({ from = [], to = [], element = [], rootElement = [], subject = [], suppliedBy = [] }) =>
        [from, to, element, rootElement, subject, suppliedBy].flat(),
    );
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it('shows declared lineage as descent and measured lineage as shared weights', () => {
    const nameOf = new Map(graph.map(({ spdxId, name }) => [spdxId, name]));
    const edges = graph.flatMap(({ relationshipType = '', from, to = [], comment }) =>
      ['descendantOf', 'other'].includes(relationshipType)
        ? [[nameOf.get(from), relationshipType, nameOf.get(to[0]), comment]]
        : [],
    );
    expect(edges).toEqual([
      ['Boreal-34B-Chat', 'descendantOf', 'Orion-34B-Base', 'declared by the team'],
      [
        'Boreal-34B-Chat',
        'other',
        'Orion-34B-Base',
        'measured: identical (embedding, attention, router, experts, norms, head); the direction of descent is not measured',
      ],
      [
        '한빛-32B-멀티모달',
        'other',
        'Meridian-VL-7B',
        'measured: partially_derived (vision); the direction of descent is not measured',
      ],
      ['Dune-12B', 'descendantOf', 'Orion-34B-Base', 'declared by the team'],
    ]);
  });

  it('names the team of each release as its supplier, once', () => {
    const teams = graph.filter(({ type }) => type === 'Organization');
    const nameOf = new Map(teams.map(({ spdxId, name }) => [spdxId, name]));
    expect(new Set(nameOf.values()).size).toBe(teams.length);
    const suppliers = graph.flatMap(({ type, name, suppliedBy }) =>
      type === 'ai_AIPackage' && suppliedBy !== undefined ? [[name, nameOf.get(suppliedBy)]] : [],
    );
    const wanted = document.models.flatMap(({ name, team }) => (team === null ? [] : [[name, team]]));
    expect(suppliers).toEqual(wanted);
    expect(wanted).not.toEqual([]);
  });

  it('has no time but the one it is given', () => {
    expect(graph[0]?.created).toBe('1970-01-01T00:00:00Z');
    expect(graphOf(exportSpdx(document, { created: 1_780_000_000 }))[0]?.created).toBe(
      '2026-05-28T20:26:40Z',
    );
  });
});
