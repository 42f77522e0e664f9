import { METHODS, type Method } from '@jokbo/contracts';
import type { CaseResult, ComponentResult, MethodFigure } from '../audit/case-result.js';

/** Short headings of the registered statistics; others are headed by their name. */
const HEADINGS: Readonly<Partial<Record<Method, string>>> = {
  trace: 'trace',
  balanced_trace: 'balanced',
  residual_gram: 'gram',
  hidden_gram: 'H',
  value_gram: 'V',
};

/** Every method that gave a z anywhere: those that decide first, each group in its registered order. */
export function methodColumns(results: readonly CaseResult[]): Method[] {
  const deciding = new Set<Method>();
  const present = new Set<Method>();
  for (const { components } of results) {
    for (const { method, primary } of components.flatMap(({ figures }) => figures)) {
      present.add(method);
      if (primary) deciding.add(method);
    }
  }
  const shown = METHODS.filter((method) => present.has(method));
  return [
    ...shown.filter((method) => deciding.has(method)),
    ...shown.filter((method) => !deciding.has(method)),
  ];
}

export function heading(method: Method): string {
  return HEADINGS[method] ?? method.replaceAll('_', ' ');
}

/** The figure of largest |z| of one method. */
export function strongest(components: readonly ComponentResult[], method: Method): MethodFigure | null {
  return components
    .flatMap(({ figures }) => figures.filter((figure) => figure.method === method))
    .reduce<MethodFigure | null>((held, figure) => {
      return held === null || Math.abs(figure.z) > Math.abs(held.z) ? figure : held;
    }, null);
}

/** A number with so many decimals, without a negative zero; a missing one is a dash. */
export function shownNumber(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}
