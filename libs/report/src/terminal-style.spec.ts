import { describe, expect, it } from 'vitest';
import { colourWanted, NARROWEST, terminalStyle } from './terminal-style.js';

describe('colourWanted', () => {
  it('obeys NO_COLOR before anything else', () => {
    expect(colourWanted({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(colourWanted({ NO_COLOR: '' }, true)).toBe(true);
    expect(colourWanted({ FORCE_COLOR: '1' }, false)).toBe(true);
    expect(colourWanted({ FORCE_COLOR: '0' }, true)).toBe(false);
    expect(colourWanted({ TERM: 'dumb' }, true)).toBe(false);
    expect(colourWanted({}, false)).toBe(false);
  });
});

describe('terminalStyle', () => {
  it('writes symbols in ASCII without colour', () => {
    const plain = terminalStyle({ width: 100, colour: false }, 'en');
    expect(plain.t('z_calibrated')).toBe('z/sqrt(lambda)');
    expect(plain.t('r')).toBe('r');
    expect(plain.absent).toBe('.');
    expect(terminalStyle({ width: 100, colour: true }, 'en').t('r')).toBe('r̂');
  });

  it('lays out for at least the narrowest terminal', () => {
    expect(terminalStyle({ width: 10, colour: false }, 'en').width).toBe(NARROWEST);
  });
});
