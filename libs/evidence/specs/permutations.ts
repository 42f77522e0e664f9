/** Every permutation of 0 … n − 1. */
export function allPermutations(n: number): number[][] {
  if (n === 0) return [[]];
  return allPermutations(n - 1).flatMap((shorter) =>
    Array.from({ length: n }, (_, at) => [...shorter.slice(0, at), n - 1, ...shorter.slice(at)]),
  );
}

/** Mean and mean square of z over a whole permutation group: 0 and 1 where its moments are exact. */
export function momentsOfZ(values: readonly (number | null)[]): { mean: number; square: number } {
  const z = values.map((value) => value ?? NaN);
  const mean = z.reduce((sum, value) => sum + value, 0) / z.length;
  return { mean, square: z.reduce((sum, value) => sum + value * value, 0) / z.length };
}
