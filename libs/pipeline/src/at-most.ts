/** Runs work of many callers, at most `size` pieces at a time, in the order in which they ask. */
export function atMost(size: number): <R>(work: () => Promise<R>) => Promise<R> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < Math.max(1, size)) running += 1;
    // Whoever ends hands its place over: nobody who asks later comes between.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
