import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEXT_COMPONENTS, type Component } from '@jokbo/contracts';

/** Two models of the zoo that share nothing, and the components of which that is known. */
export interface IndependentPair {
  readonly subject: string;
  readonly reference: string;
  readonly components: readonly Component[];
}

interface TruthRow {
  readonly subject: string;
  readonly reference: string;
  readonly component: Component | 'text';
  readonly relation: string;
}

/**
 * Pairs that `truth.json` calls independent, in its order. The statistics are symmetric, so that a pair counts once,
 * whichever of the two is audited against the other.
 *
 * @param zoo folder of the zoo.
 */
export async function independentPairs(zoo: string): Promise<IndependentPair[]> {
  const rows = JSON.parse(await readFile(join(zoo, 'truth.json'), 'utf8')) as readonly TruthRow[];
  const pairs = new Map<string, { subject: string; reference: string; components: Set<Component> }>();
  for (const { subject, reference, component, relation } of rows) {
    if (relation !== 'independent') continue;
    const key = [subject, reference].sort().join('|');
    const pair = pairs.get(key) ?? { subject, reference, components: new Set<Component>() };
    for (const name of component === 'text' ? TEXT_COMPONENTS : [component]) pair.components.add(name);
    pairs.set(key, pair);
  }
  return [...pairs.values()].map((pair) => ({ ...pair, components: [...pair.components] }));
}
