import type { Component } from './component.js';
import type { RuleSet } from './rule-set.js';
import type { TeamReply } from './statements.js';

/** A model under audit or to compare with. */
export interface SubjectEntry {
  readonly id: string;
  readonly team: string;
  readonly release: string;
  /** Path below a storage root (`root:path`), a path below the programme file, or a URI. */
  readonly source: string;
  readonly lineage: readonly LineageEntry[];
  readonly training: string | null;
  /** Licence of the release; absent where the team stated none. */
  readonly licence?: string;
  /** What else the team declared, by name: a text or the place of a document. Absent where nothing. */
  readonly declarations?: Readonly<Record<string, string>>;
  /** Answers of the team to findings; absent where there is none. */
  readonly replies?: readonly TeamReply[];
}

/** Ancestry that the team itself declared. */
export interface LineageEntry {
  /** Id of a reference or subject, or free text. */
  readonly from: string;
  readonly components: readonly Component[];
  readonly note: string | null;
  /** Day of the declaration, `YYYY-MM-DD`; absent where it is not said. */
  readonly date?: string;
  readonly author?: string;
}

export interface ReferenceEntry {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** References of one lineage are never each other's controls. */
  readonly family: string;
}

export interface ControlEntries {
  /** Ids of references that are documented independent of every other family. */
  readonly negative: readonly string[];
  /** Known derivations: [derivative, base], both ids of this file. */
  readonly positive: readonly { readonly derivative: string; readonly base: string }[];
  /**
   * Pairs of independent references that are documented to have learned the same data: what families of fingerprints are
   * held to, beside those that share a tokenizer. Absent where none is named.
   */
  readonly alike?: readonly (readonly [string, string])[];
}

export interface EvidenceBudget {
  /** Joined features per pair in sampled mode. */
  readonly features: number;
}

/** A validated programme file. */
export interface Programme {
  readonly version: 1;
  readonly name: string;
  readonly roots: Readonly<Record<string, string>>;
  readonly subjects: readonly SubjectEntry[];
  readonly references: readonly ReferenceEntry[];
  readonly controls: ControlEntries;
  readonly budget: EvidenceBudget;
  /** Pairs that are measured over all elements. */
  readonly full: readonly { readonly subject: string; readonly reference: string }[];
  readonly rules: RuleSet;
  readonly language: 'ko' | 'en';
  /** Last day on which teams may object, as YYYY-MM-DD in Korean time; absent = the programme names none. */
  readonly objections_until?: string;
}
