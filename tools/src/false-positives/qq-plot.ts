import { normalQuantile } from '@jokbo/report';

/** Side of one panel and its margin, pixels. */
const PANEL = 320;
const MARGIN = 36;
/** Range of both axes, standard deviations; beyond it nothing may lie. */
const RANGE = 6;
/** Points drawn of one sample: the tails one by one, the middle thinned. */
const MOST_POINTS = 600;
const TAIL_POINTS = 60;

export interface QqPanel {
  readonly title: string;
  readonly z: readonly number[];
}

/** Quantiles of samples against those of the standard normal, one panel each, as an SVG file. */
export function qqPlots(panels: readonly QqPanel[]): string {
  const width = PANEL * panels.length;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${PANEL}" width="${width}" height="${PANEL}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${PANEL}" fill="#fff"/>`,
    ...panels.map((panel, index) => qqPanel(panel, index * PANEL)),
    '</svg>',
    '',
  ].join('\n');
}

function qqPanel({ title, z }: QqPanel, left: number): string {
  const place = (value: number): number => MARGIN + ((value + RANGE) / (2 * RANGE)) * (PANEL - 2 * MARGIN);
  const x = (value: number): string => place(value).toFixed(1);
  const y = (value: number): string => (PANEL - place(value)).toFixed(1);
  const sorted = [...z].sort((a, b) => a - b);
  const marks = thinned(sorted.length).map((rank) => {
    const expected = normalQuantile((rank + 0.5) / sorted.length);
    return `<circle cx="${x(expected)}" cy="${y(sorted[rank] ?? 0)}" r="2"/>`;
  });
  const ticks = [-6, -4, -2, 0, 2, 4, 6].flatMap((tick) => [
    `<text x="${x(tick)}" y="${PANEL - MARGIN + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${MARGIN - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick}</text>`,
  ]);
  const edge = [x(-RANGE), x(RANGE), y(-RANGE), y(RANGE)];
  return [
    `<g transform="translate(${left} 0)">`,
    `<text x="${PANEL / 2}" y="20" text-anchor="middle">${title}</text>`,
    `<path d="M${edge[0]} ${edge[3]}V${edge[2]}H${edge[1]}" fill="none" stroke="#555"/>`,
    `<path d="M${edge[0]} ${edge[2]}L${edge[1]} ${edge[3]}" stroke="#999" stroke-dasharray="4 3"/>`,
    ...ticks,
    `<g fill="#21618c">${marks.join('')}</g>`,
    '</g>',
  ].join('\n');
}

/** Ranks to draw: every one of a small sample, else both tails and an even choice between them. */
function thinned(length: number): number[] {
  const step = Math.max(1, Math.ceil((length - 2 * TAIL_POINTS) / MOST_POINTS));
  return Array.from({ length }, (_, rank) => rank).filter(
    (rank) => rank < TAIL_POINTS || rank >= length - TAIL_POINTS || rank % step === 0,
  );
}
