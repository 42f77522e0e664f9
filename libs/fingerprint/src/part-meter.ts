import { createHash, type Hash } from 'node:crypto';
import { DTYPE_BITS, type Dtype, type TensorMoments } from '@jokbo/contracts';
import { runsOf, type Chunk } from './chunk.js';
import type { HistogramPool } from './histogram-pool.js';
import {
  addValues,
  collisionEntropy,
  countPatterns,
  finishValueMoments,
  momentsOfPatterns,
  newValueMoments,
  occurring,
  patternValues,
  type PatternCounts,
} from './pattern-moments.js';
import type { PartPlan, SampleDtype } from './read-plan.js';
import { createSampleWriter, type SampleMemory } from './sample-writer.js';

/** What one pass over a logical tensor yields. */
export interface PartMeasurement {
  readonly key: string;
  readonly digest: string;
  readonly parameters: number;
  readonly moments: TensorMoments;
  readonly sample: Uint8Array | null;
}

/** Digests, counts and samples one logical tensor while its stored bytes stream by. */
export interface PartMeter {
  add(chunk: Chunk): void;
  finish(): PartMeasurement;
}

/** What a meter must know of the stored tensor. */
export interface MeterContext {
  readonly dtype: Dtype;
  /** Dtype of `chunk.values`. */
  readonly valueDtype: SampleDtype;
  readonly columns: number;
  /** Bytes of the scales, digested after the stored bytes; empty if there are none. */
  readonly scaleBytes: Uint8Array;
  readonly sampleMemory: SampleMemory;
}

/** Elements up to which patterns are listed and sorted instead of counted in a table. */
const LISTED_ELEMENTS = 16_384;

/** Counter of bit patterns: on the kernels for 16-bit types, of bytes or of the high halves otherwise. */
interface PatternCounter {
  add(chunk: Chunk, byteOffset: number, elements: number): void;
  counts(): PatternCounts;
}

function createPatternCounter(histograms: HistogramPool, dtype: Dtype, elements: number): PatternCounter {
  const bytes = DTYPE_BITS[dtype] / 8;
  if (bytes === 2 && elements <= LISTED_ELEMENTS) return createPatternList(elements);
  if (bytes === 2) {
    const histogram = histograms.take();
    return {
      add: (chunk, byteOffset, elements) => histogram.add(chunk.pointer + byteOffset, elements),
      counts: () => histogram.finish(),
    };
  }
  const counts = new Uint32Array(bytes === 1 ? 256 : 65_536);
  return {
    add(chunk, byteOffset, elements) {
      const { raw } = chunk;
      for (let element = 0, at = byteOffset + bytes - 1; element < elements; element += 1, at += bytes) {
        const high = raw[at] ?? 0;
        const pattern = bytes === 1 ? high : (high << 8) | (raw[at - 1] ?? 0);
        counts[pattern] = (counts[pattern] ?? 0) + 1;
      }
    },
    counts: () => occurring(counts),
  };
}

function createPatternList(elements: number): PatternCounter {
  const list = new Uint16Array(elements);
  let filled = 0;
  return {
    add({ raw }, byteOffset, count) {
      for (let at = byteOffset; at < byteOffset + 2 * count; at += 2) {
        list[filled] = (raw[at] ?? 0) | ((raw[at + 1] ?? 0) << 8);
        filled += 1;
      }
    },
    counts: () => countPatterns(list.subarray(0, filled)),
  };
}

/**
 * F32 copies of BF16 weights are common. While every low half is zero, the high halves are digested too, so
 * that such a copy has the digest of the original.
 */
class CanonicalHash {
  private readonly plain = createHash('sha256');
  private narrow: Hash | null;

  constructor(dtype: Dtype) {
    this.narrow = dtype === 'F32' ? createHash('sha256') : null;
  }

  add(bytes: Uint8Array): void {
    this.plain.update(bytes);
    if (this.narrow === null) return;
    const halves = new Uint8Array(bytes.length / 2);
    for (let from = 0, to = 0; from < bytes.length; from += 4, to += 2) {
      if (bytes[from] !== 0 || bytes[from + 1] !== 0) {
        this.narrow = null;
        return;
      }
      halves[to] = bytes[from + 2] ?? 0;
      halves[to + 1] = bytes[from + 3] ?? 0;
    }
    this.narrow.update(halves);
  }

  finish(scaleBytes: Uint8Array): string {
    return (this.narrow ?? this.plain).update(scaleBytes).digest('hex');
  }
}

export function createPartMeter(histograms: HistogramPool, part: PartPlan, context: MeterContext): PartMeter {
  const { dtype, valueDtype, columns } = context;
  const size = DTYPE_BITS[dtype] / 8;
  const valueSize = DTYPE_BITS[valueDtype] / 8;
  const hash = new CanonicalHash(dtype);
  const patterns = createPatternCounter(histograms, dtype, elementsOf(part));
  const running = size === 2 || (size === 1 && context.scaleBytes.length === 0) ? null : newValueMoments();
  const sample = createSampleWriter(part, valueSize, context.sampleMemory);
  let elements = 0;
  return {
    add(chunk) {
      for (const run of runsOf(chunk, part, columns)) {
        const start = run.offset * size;
        elements += run.elements;
        hash.add(chunk.raw.subarray(start, start + run.elements * size));
        patterns.add(chunk, start, run.elements);
        if (running !== null) {
          const from = run.offset * valueSize;
          addValues(
            running,
            typedValues(chunk.values.subarray(from, from + run.elements * valueSize), valueDtype),
          );
        }
        sample?.add(run, chunk.values);
      }
    },
    finish() {
      const counts = patterns.counts();
      return {
        key: part.key,
        digest: hash.finish(context.scaleBytes),
        parameters: elements,
        moments:
          running === null
            ? momentsOfPatterns(counts, patternValues(dtype))
            : finishValueMoments(running, collisionEntropy(counts)),
        sample: sample?.bytes() ?? null,
      };
    },
  };
}

function elementsOf(part: PartPlan): number {
  const rows = part.rows.reduce((sum, { start, end, step }) => sum + Math.ceil((end - start) / step), 0);
  return rows * (part.columns.end - part.columns.start);
}

/** The bytes as numbers, copied only where they are not aligned. */
function typedValues(bytes: Uint8Array, dtype: SampleDtype): Float32Array | Float64Array {
  const width = dtype === 'F64' ? 8 : 4;
  const aligned = bytes.byteOffset % width === 0 ? bytes : bytes.slice();
  return dtype === 'F64'
    ? new Float64Array(aligned.buffer, aligned.byteOffset, aligned.length / 8)
    : new Float32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4);
}
