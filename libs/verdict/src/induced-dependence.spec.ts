import type { ComponentVerdict } from '@jokbo/contracts';
import { describe, expect, it } from 'vitest';
import { componentOf } from '../specs/case.js';
import { nameCopiedComponents } from './induced-dependence.js';
import { INDUCED_OR_SMALL } from './positive-outcome.js';

const byGram: ComponentVerdict = {
  ...componentOf('attention', 'common_origin'),
  type: INDUCED_OR_SMALL,
  reasons: [{ code: 'dependent', records: ['gram'], text: 'dependent, but no block is inherited' }],
};

function decided(component: 'embedding' | 'head', verdict: ComponentVerdict['verdict']): ComponentVerdict {
  const reasons = [{ code: 'blocks-inherited', records: [`${component} trace`], text: 'blocks' }];
  return { ...componentOf(component, verdict), reasons };
}

describe('nameCopiedComponents', () => {
  it.each(['identical', 'derived', 'partially_derived'] as const)('names one that is %s', (verdict) => {
    const [, attention] = nameCopiedComponents([decided('embedding', verdict), byGram]);
    expect(attention).toEqual({
      ...byGram,
      type: 'induced by embedding',
      reasons: [
        {
          code: 'induced',
          records: ['gram', 'embedding trace'],
          message: 'reason_induced',
          figures: { components: ['embedding'] },
          text: 'dependent through embedding, which is inherited; none of its own blocks is',
        },
      ],
    });
    expect(attention?.parameters_linked).toBe(0);
  });

  it('names all of several', () => {
    const components = [decided('embedding', 'identical'), byGram, decided('head', 'derived')];
    const [embedding, attention, head] = nameCopiedComponents(components);
    expect(attention?.type).toBe('induced by embedding and head');
    expect([embedding, head]).toEqual([components[0], components[2]]);
  });

  it('leaves it unresolved where nothing is copied', () => {
    for (const verdict of ['common_origin', 'no_link_found', 'invalid'] as const) {
      const [, attention] = nameCopiedComponents([decided('embedding', verdict), byGram]);
      expect(attention).toEqual({ ...byGram, type: 'unresolved' });
    }
  });

  it('does not touch a common origin of another kind', () => {
    const shared = { ...byGram, type: 'shared initialisation' };
    expect(nameCopiedComponents([decided('embedding', 'derived'), shared])[1]).toEqual(shared);
  });
});
