import {
  UnsupportedArchitecture,
  type Checkpoint,
  type Dtype,
  type LogicalTensor,
  type StoredTensor,
} from '@jokbo/contracts';
import type { CheckpointSample, SamplePlan } from './sample-plan.js';

/** Every `step`-th stored row or column of a half-open range. */
export interface StoredRange {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** One logical tensor inside a stored one, seen as a matrix of `rows` × `columns` elements. */
export interface PartPlan {
  readonly key: string;
  /** Stored rows in logical order, which is that of the file: a pass sees each range before the next. */
  readonly rows: readonly StoredRange[];
  readonly columns: StoredRange;
  /** Whether a feature of the residual-axis factor is a stored row (or a segment of one) or a stored column. */
  readonly features: 'rows' | 'columns';
  readonly sample: SamplePlan | null;
}

/** Where the scales of a block-quantised tensor lie. */
export interface ScalePlan {
  readonly stored: StoredTensor;
  /** Size and version of the file that holds them: it need not be that of the weight. */
  readonly size: number;
  readonly etag: string;
  /** Rows and columns of one block; null = one scale for the whole tensor. */
  readonly block: readonly [number, number] | null;
}

/** One stored tensor, to be read front to back once. */
export interface TensorReadPlan {
  readonly stored: StoredTensor;
  readonly rows: number;
  readonly columns: number;
  readonly parts: readonly PartPlan[];
  readonly scales: ScalePlan | null;
}

/** Consecutive tensors of one shard, read by one worker; the unit of resumption. */
export interface ReadTask {
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  /** End of the file's header, hashed by the first task of a file; null in the others. */
  readonly headerEnd: number | null;
  readonly tensors: readonly TensorReadPlan[];
}

/** Bytes per task: a twentieth of a second of reading, so that a killed run repeats little and no worker waits long for the last. */
const TASK_BYTES = 64 * 1024 * 1024;

function matrixShape(shape: readonly number[]): { rows: number; columns: number } {
  // A vector is a column: a fused bias is cut by ranges of its elements, as a fused matrix by ranges of its rows.
  if (shape.length <= 1) return { rows: shape[0] ?? 1, columns: 1 };
  if (shape.length === 3) return { rows: (shape[0] ?? 0) * (shape[1] ?? 0), columns: shape[2] ?? 0 };
  const [first = 0, ...rest] = shape;
  return { rows: first, columns: rest.reduce((product, size) => product * size, 1) };
}

function partPlan(tensor: LogicalTensor, stored: StoredTensor, sample: SamplePlan | null): PartPlan {
  const { cut } = tensor;
  const stacked = cut?.slice !== undefined && stored.shape.length === 3;
  const matrix = stored.shape.length === 3 && !stacked ? flattened(stored.shape) : matrixShape(stored.shape);
  const rowsPerSlice = stacked ? (stored.shape[1] ?? 0) : matrix.rows;
  const offset = stacked ? (cut.slice ?? 0) * rowsPerSlice : 0;
  const transpose = cut?.transpose === true;
  const ranges = (cut?.rows ?? []).map((range) => ({
    start: range.start,
    end: range.end,
    step: range.step ?? 1,
  }));
  const allRows = [{ start: offset, end: offset + rowsPerSlice, step: 1 }];
  const [columnRange, ...furtherColumns] = transpose ? ranges : [];
  if (furtherColumns.length > 0) {
    throw new UnsupportedArchitecture('a part of a transposed matrix lies in several ranges of its columns', {
      tensor: stored.name,
    });
  }
  const vector = tensor.shape.length <= 1;
  const rowsAreFeatures = vector ? stored.shape.length > 1 : (tensor.residualAxis === 1) !== transpose;
  return {
    key: tensor.key,
    rows:
      transpose || ranges.length === 0
        ? allRows
        : ranges.map(({ start, end, step }) => ({ start: start + offset, end: end + offset, step })),
    columns: columnRange ?? { start: 0, end: matrix.columns, step: 1 },
    features: rowsAreFeatures ? 'rows' : 'columns',
    sample,
  };
}

/** A tensor of rank above 2 that is one matrix: [first, everything else]. */
function flattened(shape: readonly number[]): { rows: number; columns: number } {
  const [first = 0, ...rest] = shape;
  return { rows: first, columns: rest.reduce((product, size) => product * size, 1) };
}

/**
 * Plans the one pass over a checkpoint: every stored tensor in file order with the logical parts that it
 * feeds, packed into tasks of about 64 MB that never cross a shard.
 *
 * @throws UnsupportedArchitecture for a transposed part in more than one range of stored columns.
 */
export function planReads(checkpoint: Checkpoint, sample: CheckpointSample): ReadTask[] {
  const partsByStored = new Map<string, LogicalTensor[]>();
  for (const tensor of checkpoint.tensors) {
    const parts = partsByStored.get(tensor.stored);
    if (parts === undefined) partsByStored.set(tensor.stored, [tensor]);
    else parts.push(tensor);
  }
  const storedByName = new Map(checkpoint.stored.map((stored) => [stored.name, stored]));
  const fileByPath = new Map(checkpoint.files.map((file) => [file.path, file]));
  const byFile = new Map<string, StoredTensor[]>();
  for (const stored of checkpoint.stored) {
    const tensors = byFile.get(stored.file);
    if (tensors === undefined) byFile.set(stored.file, [stored]);
    else tensors.push(stored);
  }
  const scalesOf = (part: LogicalTensor): ScalePlan | null => {
    const scales = part.scales === null ? undefined : storedByName.get(part.scales);
    if (scales === undefined) return null;
    const file = fileByPath.get(scales.file);
    return { stored: scales, size: file?.size ?? scales.end, etag: file?.etag ?? '', block: part.block };
  };
  const tasks: ReadTask[] = [];
  for (const [path, tensors] of [...byFile].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = fileByPath.get(path);
    if (file === undefined) continue;
    const plans = tensors
      .sort((a, b) => a.begin - b.begin || (a.name < b.name ? -1 : 1))
      .map((stored) => tensorPlan(stored, partsByStored.get(stored.name) ?? [], sample, scalesOf));
    let headerEnd: number | null = plans[0]?.stored.begin ?? file.size;
    for (const group of packed(plans)) {
      tasks.push({ file: path, size: file.size, etag: file.etag, headerEnd, tensors: group });
      headerEnd = null;
    }
  }
  return tasks;
}

function tensorPlan(
  stored: StoredTensor,
  parts: readonly LogicalTensor[],
  sample: CheckpointSample,
  scalesOf: (part: LogicalTensor) => ScalePlan | null,
): TensorReadPlan {
  const scaled = parts.find((part) => part.scales !== null);
  const stacked = parts.some((part) => part.cut?.slice !== undefined);
  // Without a meaning a tensor is bytes to digest, whatever its element type.
  if (parts.length === 0)
    return { stored, rows: 1, columns: stored.end - stored.begin, parts: [], scales: null };
  return {
    stored,
    ...(stored.shape.length === 3 && !stacked ? flattened(stored.shape) : matrixShape(stored.shape)),
    parts: parts.map((part) => partPlan(part, stored, sample.plans.get(part.key) ?? null)),
    scales: scaled === undefined ? null : scalesOf(scaled),
  };
}

function* packed(plans: readonly TensorReadPlan[]): Generator<TensorReadPlan[]> {
  let group: TensorReadPlan[] = [];
  let bytes = 0;
  for (const plan of plans) {
    const size = plan.stored.end - plan.stored.begin;
    if (group.length > 0 && bytes + size > TASK_BYTES) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(plan);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** Element types of samples. */
export type SampleDtype = 'BF16' | 'F16' | 'F32' | 'F64';

/** Element type of what a sample keeps: exact values, at the stored width where that is exact. */
export function sampleDtype(stored: Dtype, scaled: boolean): SampleDtype {
  if (scaled) return 'F32';
  return stored === 'BF16' || stored === 'F16' || stored === 'F64'
    ? stored
    : stored.startsWith('F8') || stored === 'F32'
      ? 'F32'
      : 'F64';
}
