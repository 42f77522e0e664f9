import type { DocumentLookup } from '../document-lookup.js';
import type { PageText } from './markup.js';

/** Where the parts of a result stand: anchors of one page, or pages of a site. */
export interface PageLinks {
  /** Null where the result has no such pair. */
  readonly pair: (subject: string, reference: string) => string | null;
  /** Null where the result has no such release. */
  readonly release: (subject: string) => string | null;
}

/** What every section of the page is written from. */
export interface Page {
  readonly lookup: DocumentLookup;
  readonly text: PageText;
  /** Anchor of an evidence row by the id of its record. */
  readonly anchors: ReadonlyMap<string, string>;
  readonly links: PageLinks;
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

/** Links of a page that holds the whole result. */
export function anchorLinks({ document }: DocumentLookup): PageLinks {
  return {
    pair: (subject, reference) => {
      const index = document.pairs.findIndex(
        (pair) => pair.subject === subject && pair.reference === reference,
      );
      return index < 0 ? null : `#${pairAnchor(index)}`;
    },
    release: (subject) => {
      const index = document.leaderboard.findIndex((row) => row.subject === subject);
      return index < 0 ? null : `#${releaseAnchor(index)}`;
    },
  };
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
