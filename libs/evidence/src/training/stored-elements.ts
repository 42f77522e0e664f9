import {
  DTYPE_BITS,
  ObjectChanged,
  type ByteSource,
  type Checkpoint,
  type ObjectStore,
  type StoredTensor,
  type TensorView,
} from '@jokbo/contracts';
import { elementCount } from '@jokbo/safetensors';

/** Elements of one piece: 16 MiB of F32. */
export const PIECE_ELEMENTS = 2 ** 22;

/** A run of elements of one stored tensor, in C order. */
export interface ElementPiece {
  /** Index of the first element. */
  readonly first: number;
  /** As a vector; its bytes are read over by the next piece of the same reader. */
  readonly view: TensorView;
}

/** Which elements of a tensor are read: both in elements, `length` at most {@link PIECE_ELEMENTS}. */
export interface ElementRuns {
  readonly length: number;
  readonly stride: number;
}

const WHOLE: ElementRuns = { length: PIECE_ELEMENTS, stride: PIECE_ELEMENTS };

/** Every element of a checkpoint by range, a piece at a time. */
export interface ElementReader {
  /**
   * The pieces of a stored tensor in order: all of it, or runs of `length` elements of which one begins every `stride`.
   *
   * @throws ObjectChanged when the file is no longer the version whose header was read.
   */
  pieces(tensor: StoredTensor, runs?: ElementRuns): AsyncGenerator<ElementPiece, void>;
  close(): Promise<void>;
}

/** Files that are kept open: neighbouring tensors lie in one. */
const OPEN_FILES = 4;

/** Opens the elements of a checkpoint. Memory is one piece, however large the tensors are. */
export function openElements(
  checkpoint: Pick<Checkpoint, 'files'>,
  store: ObjectStore,
  signal?: AbortSignal,
): ElementReader {
  const planned = new Map(checkpoint.files.map((file) => [file.path, file]));
  const open = new Map<string, ByteSource>();
  let buffer = new Uint8Array(0);

  async function source(path: string): Promise<ByteSource> {
    const known = open.get(path);
    if (known !== undefined) return known;
    const opened = await store.open(path, signal);
    const plan = planned.get(path);
    if (plan === undefined || plan.etag !== opened.etag || plan.size !== opened.size) {
      await opened.close();
      throw new ObjectChanged('the file is not the version that was planned', { object: opened.uri });
    }
    const [oldest] = open;
    if (open.size >= OPEN_FILES && oldest !== undefined) {
      open.delete(oldest[0]);
      await oldest[1].close();
    }
    open.set(path, opened);
    return opened;
  }

  return {
    async *pieces(tensor, { length, stride } = WHOLE) {
      const size = DTYPE_BITS[tensor.dtype] / 8;
      const elements = elementCount(tensor.shape);
      for (let first = 0; first < elements; first += stride) {
        const count = Math.min(length, elements - first);
        const start = tensor.begin + first * size;
        if (buffer.length < count * size) buffer = new Uint8Array(count * size);
        const bytes = buffer.subarray(0, count * size);
        await (await source(tensor.file)).read({ start, end: start + bytes.length }, bytes, signal);
        yield { first, view: { bytes, dtype: tensor.dtype, shape: [count] } };
      }
    },
    async close() {
      for (const opened of open.values()) await opened.close();
      open.clear();
    },
  };
}

/** Stored tensors in file order with the logical tensors in each; those without a meaning are left out. */
export function mappedTensors(
  checkpoint: Pick<Checkpoint, 'stored' | 'tensors'>,
): readonly { readonly stored: StoredTensor; readonly parts: Checkpoint['tensors'] }[] {
  const parts = new Map<string, Checkpoint['tensors'][number][]>();
  for (const tensor of checkpoint.tensors) {
    const held = parts.get(tensor.stored);
    if (held === undefined) parts.set(tensor.stored, [tensor]);
    else held.push(tensor);
  }
  return [...checkpoint.stored]
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.begin - b.begin))
    .flatMap((stored) => {
      const own = parts.get(stored.name);
      return own === undefined ? [] : [{ stored, parts: own }];
    });
}
