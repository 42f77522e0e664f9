import type { DocumentLookup } from '../document-lookup.js';
import type { PageText } from './markup.js';

/** What every section of the page is written from. */
export interface Page {
  readonly lookup: DocumentLookup;
  readonly text: PageText;
  /** Anchor of an evidence row by the id of its record. */
  readonly anchors: ReadonlyMap<string, string>;
}

export function pairAnchor(index: number): string {
  return `pair-${index}`;
}

export function evidenceAnchor(pair: number, record: number): string {
  return `evidence-${pair}-${record}`;
}

export function releaseAnchor(index: number): string {
  return `release-${index}`;
}

/** Anchors of every evidence record of the document. */
export function evidenceAnchors(lookup: DocumentLookup): Map<string, string> {
  const anchors = new Map<string, string>();
  for (const [pair, result] of lookup.document.pairs.entries()) {
    for (const [record, item] of result.evidence.entries())
      anchors.set(item.id, evidenceAnchor(pair, record));
  }
  return anchors;
}
