import type { Component } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';

/**
 * Name of the row in which routed experts and a dense MLP are held against each other: a dense model is made a mixture
 * of experts by copying its MLP into each of them (Komatsuzaki et al. 2023).
 */
export const UPCYCLED_ROW = 'experts<-mlp';

/** The component of the reference that stands in where it lacks the subject's. */
const STANDS_IN: Readonly<Partial<Record<Component, Component>>> = { experts: 'mlp', mlp: 'experts' };

/**
 * The component of the reference that a component of the subject is held against: the same one; experts against a
 * dense MLP and a dense MLP against experts where the reference lacks the component itself; else null.
 */
export function heldAgainst(component: Component, ofReference: readonly Component[]): Component | null {
  if (ofReference.includes(component)) return component;
  const other = STANDS_IN[component];
  return other !== undefined && ofReference.includes(other) ? other : null;
}

/** The component of the reference in a comparison. */
export function referenceComponent({
  component,
  against,
}: Pick<Comparison, 'component' | 'against'>): Component {
  return against ?? component;
}

/** Projections of one feed-forward block. */
export type BlockRole = 'gate' | 'up' | 'down';

/** What a tensor is in its feed-forward block, and which blocks it belongs to; null for other tensors. */
export function blockRole(role: string): { readonly prefix: string; readonly role: BlockRole } | null {
  const match = /^(.*)\.(gate|up|down)$/.exec(role);
  return match?.[1] === undefined ? null : { prefix: match[1], role: match[2] as BlockRole };
}

/** The projection of a dense MLP or of a routed expert; null for shared experts and other tensors. */
export function upcycledRole(role: string): BlockRole | null {
  const block = blockRole(role);
  return block?.prefix === 'mlp' || block?.prefix === 'moe.expert' ? block.role : null;
}

/** Details by which a record of that row is told from one of the component itself. */
export function rowDetails({ against }: Pick<Comparison, 'against'>): Record<string, string> {
  return against === undefined ? {} : { row: UPCYCLED_ROW, against };
}
