import type { Component, Method, VerdictClass } from '@jokbo/contracts';
import type { PowerCase } from '../cases/power-case.js';

/** One statistic of one component against the base. */
export interface MethodFigure {
  readonly method: Method;
  readonly primary: boolean;
  readonly z: number;
  readonly r: number | null;
}

/**
 * What became of one component. `induced`: not inherited, but dependent through the part that is. `open`: neither
 * found nor cleared.
 */
export type ComponentOutcome =
  'found' | 'missed' | 'clean' | 'induced' | 'open' | 'false alarm' | 'not comparable';

export interface ComponentResult {
  readonly component: Component;
  readonly inherited: boolean;
  readonly verdict: VerdictClass;
  readonly type: string | null;
  readonly figures: readonly MethodFigure[];
  readonly rMin: number | null;
  /** Correlation of elements in their old places; null where no tensor has kept name and shape. */
  readonly elementR: number | null;
  readonly outcome: ComponentOutcome;
  /** Why an inherited component was missed; null where there is nothing to explain. */
  readonly why: string | null;
}

/** A reference with which the made model shares nothing. */
export interface UnrelatedResult {
  readonly reference: string;
  readonly verdict: VerdictClass;
  /** Primary z of every component that both have at one width. */
  readonly z: readonly { readonly component: Component; readonly method: Method; readonly z: number }[];
  readonly accused: readonly Component[];
}

/** `other class`: accused, but of another class than is right. */
export type CaseOutcome = 'right' | 'other class' | 'missed' | 'open' | 'false alarm';

export interface CaseResult {
  readonly case: PowerCase;
  readonly verdict: VerdictClass;
  readonly outcome: CaseOutcome;
  readonly components: readonly ComponentResult[];
  readonly unrelated: readonly UnrelatedResult[];
  /** What explains any outcome but `right`. */
  readonly why: string | null;
}

/** A miss that neither power nor a named method explains. */
export const UNEXPLAINED = 'unexplained';
