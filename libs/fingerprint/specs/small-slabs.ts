import type { InputSlab } from '../src/measure-tensor.js';
import type { TaskMemory } from '../src/run-task.js';

/** The same memory with small slabs, so that small tensors are read in pieces, of rows and of columns. */
export function smallSlabs(memory: TaskMemory, bytes: number): TaskMemory {
  const cut = ({ pointer, bytes: all }: InputSlab): InputSlab => ({ pointer, bytes: all.subarray(0, bytes) });
  const [first, second] = memory.slabs;
  return { ...memory, slabs: [cut(first), cut(second)], scratch: cut(memory.scratch) };
}
