import { describe, expect, it } from 'vitest';
import { VIRIDIS } from './viridis.js';

describe('viridis', () => {
  it('has 256 colours whose lightness only rises', () => {
    expect(VIRIDIS).toMatch(/^[0-9a-f]{1536}$/);
    const lightness = Array.from({ length: 256 }, (_, index) => {
      const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) =>
        parseInt(VIRIDIS.slice(index * 6 + at, index * 6 + at + 2), 16),
      );
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    });
    expect(VIRIDIS.slice(0, 6)).toBe('440154');
    expect(VIRIDIS.slice(-6)).toBe('fde725');
    for (let index = 1; index < 256; index += 1) {
      expect((lightness[index] ?? 0) - (lightness[index - 1] ?? 0)).toBeGreaterThan(-0.6);
    }
  });
});
