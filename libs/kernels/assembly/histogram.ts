/** Interleaved histograms: equal neighbours fall into different counters, so that no add waits for the last one. */
const LANES: usize = 4;
const PATTERNS_16: usize = 65536;
const PATTERNS_8: usize = 256;

function count(histogram: usize, pattern: u64): void {
  const counter = histogram + ((<usize>pattern) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
}

/** Adds n 16-bit patterns to the four histograms of 65,536 u32 at `lanes`. */
export function histogram16(source: usize, n: usize, lanes: usize): void {
  const lane1 = lanes + PATTERNS_16 * 4;
  const lane2 = lanes + PATTERNS_16 * 8;
  const lane3 = lanes + PATTERNS_16 * 12;
  const end = source + (n << 1);
  const endOfFours = source + ((n & ~3) << 1);
  while (source < endOfFours) {
    const four = load<u64>(source);
    count(lanes, four & 0xffff);
    count(lane1, (four >> 16) & 0xffff);
    count(lane2, (four >> 32) & 0xffff);
    count(lane3, four >> 48);
    source += 8;
  }
  while (source < end) {
    count(lanes, <u64>load<u16>(source));
    source += 2;
  }
}

/** Adds n bytes to the four histograms of 256 u32 at `lanes`. */
export function histogram8(source: usize, n: usize, lanes: usize): void {
  const lane1 = lanes + PATTERNS_8 * 4;
  const lane2 = lanes + PATTERNS_8 * 8;
  const lane3 = lanes + PATTERNS_8 * 12;
  const end = source + n;
  const endOfEights = source + (n & ~7);
  while (source < endOfEights) {
    const eight = load<u64>(source);
    count(lanes, eight & 0xff);
    count(lane1, (eight >> 8) & 0xff);
    count(lane2, (eight >> 16) & 0xff);
    count(lane3, (eight >> 24) & 0xff);
    count(lanes, (eight >> 32) & 0xff);
    count(lane1, (eight >> 40) & 0xff);
    count(lane2, (eight >> 48) & 0xff);
    count(lane3, eight >> 56);
    source += 8;
  }
  while (source < end) {
    count(lanes, <u64>load<u8>(source));
    source += 1;
  }
}

/** Writes the sum of the four histograms at `lanes`, of `patterns` u32 each, to the first and clears the others. */
export function mergeHistogram(lanes: usize, patterns: usize): void {
  const bytes = patterns << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(lanes + i);
    for (let lane: usize = 1; lane < LANES; ++lane) {
      const other = lanes + lane * bytes + i;
      sum = i32x4.add(sum, v128.load(other));
      v128.store(other, i32x4.splat(0));
    }
    v128.store(lanes + i, sum);
  }
}
