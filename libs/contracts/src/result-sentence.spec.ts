import { describe, expect, it } from 'vitest';
import { RESULT_FIGURES } from './result-figures.js';
import { RESULT_MESSAGES, type ResultMessage } from './result-messages.js';
import { resultSentence, writeSentence, type FigureWriters } from './result-sentence.js';

const MESSAGES = Object.keys(RESULT_MESSAGES) as ResultMessage[];
const writers = new Proxy({}, { get: (_, kind) => () => String(kind) }) as FigureWriters;
const write = (message: string, figures: Readonly<Record<string, unknown>>) =>
  writeSentence({ message, figures }, (key) => RESULT_MESSAGES[key], writers);

describe('a sentence of a result', () => {
  it.each(MESSAGES)('inserts every figure that it has, and no other: %s', (message) => {
    const inserted = [...RESULT_MESSAGES[message].matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(inserted.sort()).toEqual(Object.keys(RESULT_FIGURES[message]).sort());
  });

  it('holds key, figures and the English text that follows from them', () => {
    expect(resultSentence('reason_inherited_share', { share: 0.9996 })).toEqual({
      message: 'reason_inherited_share',
      figures: { share: 0.9996 },
      text: 'inherited components hold 100.0 % of what is comparable',
    });
    const controls = [{ kind: 'self_scramble', method: 'trace' }] as const;
    expect(resultSentence('reason_controls_failed', { controls }).text).toBe(
      'self_scramble control (trace) gave what they must not',
    );
    expect(resultSentence('reason_low_power', { r_min: null, required: 1e-4 }).text).toBe(
      'power too low: the smallest r that shows is not measured, 1.0e-4 is asked for',
    );
  });

  it('inserts what a figure says as it is', () => {
    const figures = { error: '{message}', message: '$& {error}' };
    expect(resultSentence('reason_comparison_failed', figures).text).toBe(
      'the comparison failed: {message}: $& {error}',
    );
  });

  it.each<[string, string, Record<string, unknown>]>([
    ['a key that nobody has', 'reason_of_a_newer_tool', {}],
    ['a name of every object', 'constructor', {}],
    ['a figure that is missing', 'reason_inherited_share', {}],
    ['a figure of another kind', 'reason_inherited_share', { share: '1' }],
    ['a number that is none', 'reason_inherited_share', { share: Number.NaN }],
    ['a component that there is not', 'reason_some_components', { components: ['__proto__'] }],
    ['a list that is none', 'reason_families_agree', { methods: 'trace' }],
    ['a control without a kind', 'reason_controls_failed', { controls: [{ method: 'trace' }] }],
    ['nothing instead of a control', 'reason_controls_failed', { controls: [null] }],
  ])('is not written of %s', (_what, message, figures) => {
    expect(write(message, figures)).toBeNull();
  });

  it('is written of what is not measured, and of figures that it does not know', () => {
    expect(write('reason_inherited_share', { share: null, more: 1 })).toBe(
      'inherited components hold share of what is comparable',
    );
  });
});
