import { resultSentence, type Component, type ComponentVerdict, type VerdictClass } from '@jokbo/contracts';
import { INDUCED_OR_SMALL } from './positive-outcome.js';

/** Classes that say that a component itself was taken over, in whole or in part. */
const COPIED: readonly VerdictClass[] = ['identical', 'derived', 'partially_derived'];

/**
 * What is trained around a copied component becomes dependent too: its Grams reject, its trace does not. Names the
 * copied components in the reasons of such a component; where none is copied, what ties it stays unresolved. Its own
 * parameters are never counted as inherited.
 */
export function nameCopiedComponents(components: readonly ComponentVerdict[]): ComponentVerdict[] {
  const copied = components.filter(({ verdict }) => COPIED.includes(verdict));
  return components.map((component) => {
    if (component.type !== INDUCED_OR_SMALL) return component;
    const names = copied.map((other) => other.component);
    if (names.length === 0) return { ...component, type: 'unresolved' };
    const records = component.reasons.flatMap((reason) => reason.records);
    const through = copied.flatMap((other) => other.reasons.flatMap((reason) => reason.records));
    return {
      ...component,
      type: `induced by ${listed(names)}`,
      reasons: [
        {
          code: 'induced',
          records: [...new Set([...records, ...through])],
          ...resultSentence('reason_induced', { components: names }),
        },
        ...component.reasons.slice(1),
      ],
    };
  });
}

function listed(names: readonly Component[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
