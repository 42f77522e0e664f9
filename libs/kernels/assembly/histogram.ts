/** Interleaved histograms: equal neighbours fall into different counters, so that no add waits for the last one. */
const LANES_16: usize = 2;
const LANES_8: usize = 4;
const PATTERNS_16: usize = 65536;
const PATTERNS_8: usize = 256;
/** Bytes from the first histogram of 16-bit patterns to the second. */
const LANE_16: usize = PATTERNS_16 * 4;

function count(histogram: usize, pattern: u64): void {
  const counter = histogram + ((<usize>pattern) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
}

/**
 * Counts the four 16-bit patterns at `source + at`. All addresses are formed before the first add: that leaves the
 * processor four independent chains, and two bytes per load cost less than shifts of a wider one.
 */
function countFour(source: usize, at: usize, lanes: usize): void {
  const counter0 = ((<usize>load<u16>(source + at)) << 2) + lanes;
  const counter1 = ((<usize>load<u16>(source + at, 2)) << 2) + lanes;
  const counter2 = ((<usize>load<u16>(source + at, 4)) << 2) + lanes;
  const counter3 = ((<usize>load<u16>(source + at, 6)) << 2) + lanes;
  store<u32>(counter0, load<u32>(counter0) + 1);
  store<u32>(counter1, load<u32>(counter1, LANE_16) + 1, LANE_16);
  store<u32>(counter2, load<u32>(counter2) + 1);
  store<u32>(counter3, load<u32>(counter3, LANE_16) + 1, LANE_16);
}

/** Adds n 16-bit patterns to the two histograms of 65,536 u32 at `lanes`. */
export function histogram16(source: usize, n: usize, lanes: usize): void {
  const end = source + (n << 1);
  const endOfSixteens = source + ((n & ~15) << 1);
  while (source < endOfSixteens) {
    countFour(source, 0, lanes);
    countFour(source, 8, lanes);
    countFour(source, 16, lanes);
    countFour(source, 24, lanes);
    source += 32;
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

/** Writes the sum of the histograms at `histograms`, of `patterns` u32 each, to the first and clears the others. */
export function mergeHistogram(histograms: usize, patterns: usize): void {
  const bytes = patterns << 2;
  const lanes = patterns == PATTERNS_16 ? LANES_16 : LANES_8;
  for (let i: usize = 0; i < bytes; i += 16) {
    let sum = v128.load(histograms + i);
    for (let lane: usize = 1; lane < lanes; ++lane) {
      const other = histograms + lane * bytes + i;
      sum = i32x4.add(sum, v128.load(other));
      v128.store(other, i32x4.splat(0));
    }
    v128.store(histograms + i, sum);
  }
}

/**
 * Lists the patterns that occur in the histograms at `histograms`, ascending: u32 how many at `out`, from `out` + 16
 * the patterns, from `out` + 16 + 4 × `patterns` their counts, as u32. Leaves the histograms empty.
 */
export function drainHistogram(histograms: usize, patterns: usize, out: usize): void {
  const bytes = patterns << 2;
  let listed: usize = out + 16;
  mergeHistogram(histograms, patterns);
  for (let i: usize = 0; i < bytes; i += 16) {
    const four = v128.load(histograms + i);
    if (!v128.any_true(four)) continue;
    v128.store(histograms + i, i32x4.splat(0));
    for (let lane: usize = 0; lane < 4; ++lane) {
      v128.store(out, four);
      const occurrences = load<u32>(out + (lane << 2));
      if (occurrences == 0) continue;
      store<u32>(listed, <u32>((i >> 2) + lane));
      store<u32>(listed + bytes, occurrences);
      listed += 4;
    }
  }
  store<u32>(out, <u32>((listed - out - 16) >> 2));
}
