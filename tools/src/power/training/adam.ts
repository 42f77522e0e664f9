import type { Parameters } from './dense-network.js';

const BETA_1 = 0.9;
const BETA_2 = 0.95;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba 2015) on every parameter that has a gradient and is not frozen; changes `parameters` in place. */
export function createAdam(
  parameters: Parameters,
  frozen: ReadonlySet<string>,
): (gradients: Parameters, rate: number) => void {
  const moments = new Map(
    [...parameters]
      .filter(([name]) => !frozen.has(name))
      .map(([name, values]) => {
        return [
          name,
          { values, first: new Float64Array(values.length), second: new Float64Array(values.length) },
        ];
      }),
  );
  let step = 0;
  return (gradients, rate) => {
    step += 1;
    const [free1, free2] = [1 - BETA_1 ** step, 1 - BETA_2 ** step];
    for (const [name, { values, first, second }] of moments) {
      const gradient = gradients.get(name);
      if (gradient === undefined) continue;
      for (let at = 0; at < values.length; at += 1) {
        const g = gradient[at] ?? NaN;
        const m = BETA_1 * (first[at] ?? NaN) + (1 - BETA_1) * g;
        const v = BETA_2 * (second[at] ?? NaN) + (1 - BETA_2) * g * g;
        first[at] = m;
        second[at] = v;
        values[at] = (values[at] ?? NaN) - (rate * (m / free1)) / (Math.sqrt(v / free2) + EPSILON);
      }
    }
  };
}
