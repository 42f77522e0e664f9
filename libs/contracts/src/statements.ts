import type { Component } from './component.js';

/** What a team answers to a finding; kept as it was given, beside measurements that it does not touch. */
export interface TeamReply {
  /** Id of the reference that it is about; null = all of them. */
  readonly reference: string | null;
  /** Component that it is about; null = the whole model. */
  readonly component: Component | null;
  /** Day of the reply, `YYYY-MM-DD`. */
  readonly date: string;
  /** Who speaks for the team. */
  readonly author: string;
  readonly text: string;
}

/** Ancestry that a team declared, with the model of the audit that it names. */
export interface DeclaredAncestor {
  /** As the team put it: an id of the programme file, or free text. */
  readonly from: string;
  /** Id of the reference that it names; null where no model of the audit is meant. */
  readonly reference: string | null;
  /** Empty = the whole model. */
  readonly components: readonly Component[];
  readonly note: string | null;
  /** Day of the declaration, `YYYY-MM-DD`; null where the programme file has none. */
  readonly date: string | null;
  readonly author: string | null;
}

/** What the team of a release says of it: shown beside the findings, never weighed against them. */
export interface TeamStatements {
  readonly subject: string;
  readonly declared: readonly DeclaredAncestor[];
  readonly replies: readonly TeamReply[];
}
