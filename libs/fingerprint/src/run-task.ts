import { createHash } from 'node:crypto';
import {
  MalformedCheckpoint,
  ObjectChanged,
  type ByteSource,
  type ObjectStore,
  type StoredTensor,
  type TensorMoments,
} from '@jokbo/contracts';
import { instantiateKernels, type Kernels } from '@jokbo/kernels/kernels';
// Not from the packages' indexes: a worker thread starts twice as fast without what it never calls.
import { blockScales } from '@jokbo/models/block-scales';
import { createHistogramPool } from './histogram-pool.js';
import { measureTensor, type InputSlab, type LoadedScales, type MeasureMemory } from './measure-tensor.js';
import type { MeasuredPart, MeasuredPartial, MeasuredSample } from './partial.js';
import type { PartMeasurement } from './part-meter.js';
import { sampleDtype, type PartPlan, type ReadTask, type ScalePlan, type SampleDtype } from './read-plan.js';
import { createSampleArena } from './sample-arena.js';

/** Bytes per read: large enough for object storage, small enough that two of them per thread stay cheap. */
const SLAB_BYTES = 8 * 1024 * 1024;

/** Histograms that may be open at once (fused tensors feed several), half a MiB each, and some room. */
const HISTOGRAM_BYTES = 64 * 1024 * 1024;

/** What `measureTensor` works in, and the kernels that it is the memory of. Reused for task after task. */
export interface TaskMemory extends MeasureMemory {
  readonly kernels: Kernels;
}

export function createTaskMemory(): TaskMemory {
  const kernels = instantiateKernels({ memoryBytes: 3 * SLAB_BYTES + HISTOGRAM_BYTES });
  const slab = (): InputSlab => {
    const pointer = kernels.allocate(SLAB_BYTES);
    return { pointer, bytes: kernels.memory.subarray(pointer, pointer + SLAB_BYTES) };
  };
  const histograms = createHistogramPool(kernels);
  return { kernels, histograms, slabs: [slab(), slab()], scratch: slab() };
}

/**
 * Reads the tensors of one task, each byte once, and returns the partial fingerprint.
 *
 * @throws ObjectChanged when the file, or one that holds scales of it, is not the version that was planned;
 * MalformedCheckpoint `values` when a tensor's squares exceed f64.
 */
export async function runTask(
  task: ReadTask,
  store: ObjectStore,
  memory: TaskMemory,
  signal?: AbortSignal,
): Promise<MeasuredPartial> {
  const arena = createSampleArena(task);
  const source = await openPlanned(store, task, signal);
  try {
    const headerDigest = task.headerEnd === null ? null : await digestRange(source, task.headerEnd, signal);
    const stored: [string, string][] = [];
    const parts: MeasuredPart[] = [];
    for (const plan of task.tensors) {
      const scales =
        plan.scales === null
          ? null
          : await loadScales(plan.scales, plan.stored, store, source, task.file, signal);
      const measured = await measureTensor(plan, source, scales, memory, arena.take, signal);
      stored.push([plan.stored.name, measured.digest]);
      for (const [index, part] of measured.parts.entries()) {
        checkMoments(part.moments, plan.stored.name, source.uri);
        parts.push({
          key: part.key,
          stored: plan.stored.name,
          digest: part.digest,
          parameters: part.parameters,
          moments: part.moments,
          sample: measuredSample(plan.parts[index], part, sampleDtype(plan.stored.dtype, scales !== null)),
        });
      }
    }
    return { file: task.file, header_digest: headerDigest, stored, parts, samples: arena.bytes };
  } finally {
    await source.close();
  }
}

function measuredSample(
  plan: PartPlan | undefined,
  { sample }: PartMeasurement,
  dtype: SampleDtype,
): MeasuredSample | null {
  const summary = plan?.sample?.summary;
  if (summary === undefined || sample === null) return null;
  const { features, units } = summary;
  const begin = sample.byteOffset;
  const digest = createHash('sha256').update(sample).digest('hex');
  return { dtype, features, units, begin, end: begin + sample.length, digest };
}

/** Only F64 has values so large; no weight does. JSON could not carry their sum. */
function checkMoments({ sum, sum_squares: sumSquares }: TensorMoments, tensor: string, object: string): void {
  if (Number.isFinite(sum) && Number.isFinite(sumSquares)) return;
  throw new MalformedCheckpoint('values', 'the sum of the squares exceeds f64', { object, tensor });
}

async function openPlanned(
  store: ObjectStore,
  planned: { readonly file: string; readonly size: number; readonly etag: string },
  signal?: AbortSignal,
): Promise<ByteSource> {
  const source = await store.open(planned.file, signal);
  if (source.etag === planned.etag && source.size === planned.size) return source;
  await source.close();
  throw new ObjectChanged('the file is not the version that was planned', {
    object: source.uri,
    value: `${source.etag}, ${source.size} bytes; planned ${planned.etag}, ${planned.size} bytes`,
  });
}

async function digestRange(source: ByteSource, end: number, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(end, SLAB_BYTES));
  for (let start = 0; start < end; start += buffer.length) {
    const length = Math.min(buffer.length, end - start);
    const piece = buffer.subarray(0, length);
    await source.read({ start, end: start + length }, piece, signal);
    hash.update(piece);
  }
  return hash.digest('hex');
}

async function loadScales(
  plan: ScalePlan,
  weight: StoredTensor,
  store: ObjectStore,
  source: ByteSource,
  file: string,
  signal?: AbortSignal,
): Promise<LoadedScales> {
  const { stored, size, etag } = plan;
  const holder =
    stored.file === file ? source : await openPlanned(store, { file: stored.file, size, etag }, signal);
  try {
    const bytes = new Uint8Array(stored.end - stored.begin);
    await holder.read({ start: stored.begin, end: stored.end }, bytes, signal);
    const { values, columns, blockRows, blockColumns } = blockScales(plan, weight, stored, bytes);
    return { bytes, values, columns, blockRows, blockColumns };
  } finally {
    if (holder !== source) await holder.close();
  }
}
