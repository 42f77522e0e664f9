/** Colours at even steps from the lower end over zero to the upper one: blue, light grey, red. */
const ANCHORS: readonly (readonly [red: number, green: number, blue: number])[] = [
  [8, 48, 107],
  [66, 133, 190],
  [232, 232, 232],
  [214, 96, 64],
  [103, 12, 24],
];
const COLOURS = 256;

function colour(index: number): string {
  const place = (index / (COLOURS - 1)) * (ANCHORS.length - 1);
  const below = Math.min(ANCHORS.length - 2, Math.floor(place));
  const [from = [0, 0, 0], to = [0, 0, 0]] = ANCHORS.slice(below, below + 2);
  return [0, 1, 2]
    .map((channel) => {
      const [low = 0, high = 0] = [from[channel], to[channel]];
      const mixed = Math.round(low + (high - low) * (place - below));
      return mixed.toString(16).padStart(2, '0');
    })
    .join('');
}

/**
 * The diverging colour map: 256 colours of six hexadecimal digits each, from below zero to above it. Lightness falls
 * to both sides alike, hue tells them apart.
 */
export const DIVERGING: string = Array.from({ length: COLOURS }, (_, index) => colour(index)).join('');
