import type { PairResult } from '@jokbo/contracts';
import type { DocumentLookup } from '../document-lookup.js';
import type { Html, PageText } from './markup.js';

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
  /** Puts a part that is not seen at once into the page: as it is, or packed, with a place that the script fills. */
  readonly part: (content: Html) => Html;
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

/** Name of a map in the embedded data. */
export function mapKey(pair: number, map: number): string {
  return `${pair}/${map}`;
}

export function mapAnchor(pair: number, map: number): string {
  return `map-${pair}-${map}`;
}

export function controlAnchor(pair: number, control: number): string {
  return `control-${pair}-${control}`;
}

/** Where a record stands: on this page, else on the page of its pair; null where neither is known. */
export function recordLink(page: Page, pair: PairResult, id: string): string | null {
  const anchor = page.anchors.get(id);
  return anchor === undefined ? page.links.pair(pair.subject, pair.reference) : `#${anchor}`;
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
