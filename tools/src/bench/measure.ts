/** How often and how long a speed is measured: the machine is shared, so the best of several rounds is kept. */
const ROUNDS = 5;
const ROUND_MS = 400;

/** Best rate of several rounds in GB/s; `bytes` is what one call reads. */
export function bestRate(bytes: number, call: () => void): number {
  call();
  let best = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    let calls = 0;
    do {
      call();
      calls += 1;
    } while (performance.now() - start < ROUND_MS);
    best = Math.max(best, (bytes * calls) / (performance.now() - start) / 1e6);
  }
  return best;
}
