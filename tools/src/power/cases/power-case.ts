import type { Component, VerdictClass } from '@jokbo/contracts';
import type { Random } from '@jokbo/statistics';
import type { Model } from '../model/model.js';

/** The model of the zoo at a path, e.g. `refs/llama-mini-s0`. */
export type ZooReader = (path: string) => Promise<Model>;

/** One transformation of a model of the zoo, with what is right to say about it. */
export interface PowerCase {
  /** Unique; the seed of everything random in it. */
  readonly id: string;
  readonly kind: string;
  readonly parameters: string;
  /** Path in the zoo of the model that the row is about. */
  readonly base: string;
  /** Models of the zoo of which the made one holds weights: a link with them is right. */
  readonly origins: readonly string[];
  /** Classes that are right against the base. */
  readonly expected: readonly VerdictClass[];
  /** Components whose weights come from the base. */
  readonly inherited: readonly Component[] | 'all';
  /** What finds the inherited weights where they are not in their old places; null: they are. */
  readonly needs: string | null;
  /** Files that the made model is spread over. */
  readonly shards: number;
  readonly make: (zoo: ZooReader, random: Random) => Promise<Model>;
}

/** A dense model and a mixture of experts; what most cases start from. */
export const DENSE = 'refs/llama-mini-s0';
export const MIXTURE = 'refs/glm-air-mini';
/** Trained like `DENSE` on the same data with the same tokenizer, from another seed. */
export const SIBLING = 'refs/llama-mini-s1';

/** Classes of a model of which nothing comes from the base. */
export const CLEAN: readonly VerdictClass[] = ['no_link_found', 'not_comparable'];

type Details = Partial<Omit<PowerCase, 'make' | 'kind' | 'parameters'>>;

/** A model all of whose weights come from the base: `derived` unless said otherwise. */
export function derivedCase(
  kind: string,
  parameters: string,
  make: (base: Model, random: Random, zoo: ZooReader) => Model | Promise<Model>,
  details: Details = {},
): PowerCase {
  const base = details.base ?? DENSE;
  return {
    id: caseId(kind, parameters, base),
    kind,
    parameters,
    base,
    origins: [base],
    expected: ['derived'],
    inherited: 'all',
    needs: null,
    shards: 1,
    make: async (zoo, random) => make(await zoo(base), random, zoo),
    ...details,
  };
}

/** A model none of whose weights come from the base. */
export function controlCase(
  kind: string,
  parameters: string,
  make: PowerCase['make'],
  details: Details = {},
): PowerCase {
  const base = details.base ?? DENSE;
  return {
    id: caseId(kind, parameters, base),
    kind,
    parameters,
    base,
    origins: [],
    expected: CLEAN,
    inherited: [],
    needs: null,
    shards: 1,
    make,
    ...details,
  };
}

/** Letters, digits and dashes of what a case is. */
function caseId(kind: string, parameters: string, base: string): string {
  const text = [kind, parameters, base.replace(/^.*\//, '')].join(' ').toLowerCase();
  return text.replaceAll(/[^a-z0-9.]+/g, '-').replaceAll(/^-|-$/g, '');
}
