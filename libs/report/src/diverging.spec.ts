import { describe, expect, it } from 'vitest';
import { DIVERGING } from './diverging.js';

const colours = Array.from({ length: 256 }, (_, index) =>
  [0, 2, 4].map((at) => parseInt(DIVERGING.slice(index * 6 + at, index * 6 + at + 2), 16)),
);
const lightness = colours.map(
  ([red = 0, green = 0, blue = 0]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue,
);

describe('the diverging colour map', () => {
  it('has 256 colours that darken from the middle to both ends', () => {
    expect(DIVERGING).toMatch(/^[0-9a-f]{1536}$/);
    for (let index = 1; index < 256; index += 1) {
      const step = (lightness[index] ?? 0) - (lightness[index - 1] ?? 0);
      expect(index <= 127 ? step : -step).toBeGreaterThan(index === 128 ? -1 : 0);
    }
  });

  it('is grey at zero, blue below it and red above it', () => {
    for (const [red = 0, , blue = 0] of [colours[127] ?? [], colours[128] ?? []])
      expect(Math.abs(red - blue)).toBeLessThan(3);
    for (const [index, [red = 0, , blue = 0]] of colours.entries()) {
      if (index < 120) expect(blue).toBeGreaterThan(red);
      if (index > 135) expect(red).toBeGreaterThan(blue);
    }
  });

  it('is as light on either side of zero', () => {
    for (let index = 0; index < 128; index += 1)
      expect(Math.abs((lightness[index] ?? 0) - (lightness[255 - index] ?? 0))).toBeLessThan(20);
  });
});
