import type { Component, VerdictClass } from '@jokbo/contracts';

/** How grave a class looks: red for weights shared, yellow for open questions, and so on. Never the only sign. */
export type Tone = 'strong' | 'medium' | 'warning' | 'neutral' | 'quiet';

/** One symbol per class, all ASCII, none used twice; `.` (or `·`) is kept for an absent component. */
export const VERDICT_SYMBOLS: Readonly<Record<VerdictClass, string>> = {
  identical: '=',
  derived: '#',
  partially_derived: '%',
  common_origin: '~',
  invalid: '!',
  inconclusive: '?',
  no_link_found: 'o',
  not_comparable: 'x',
};

export const VERDICT_TONES: Readonly<Record<VerdictClass, Tone>> = {
  identical: 'strong',
  derived: 'strong',
  partially_derived: 'strong',
  common_origin: 'medium',
  invalid: 'warning',
  inconclusive: 'warning',
  no_link_found: 'neutral',
  not_comparable: 'quiet',
};

/** Column heads of three letters, the same in every language. */
export const COMPONENT_CODES: Readonly<Record<Component, string>> = {
  embedding: 'emb',
  attention: 'att',
  mlp: 'mlp',
  router: 'rtr',
  experts: 'exp',
  norms: 'nrm',
  head: 'hd',
  mtp: 'mtp',
  vision: 'vis',
  audio: 'aud',
  projector: 'prj',
};
