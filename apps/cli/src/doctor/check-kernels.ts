import { openLocalWorkspace } from '@jokbo/activities';
import { SILENT, type TensorView } from '@jokbo/contracts';
import { checked, type Check } from './check.js';

/** The part of the engine's own interface that is used; Node's types leave it to those of browsers. */
declare const WebAssembly: { validate(bytes: Uint8Array): boolean };

/** A module whose one function has an instruction of the SIMD proposal: `i8x16.splat`. */
const SIMD_PROBE = moduleOf([0x41, 0x00, 0xfd, 0x0f, 0x1a]);
/** The same for relaxed SIMD: `i8x16.relaxed_swizzle` of two splats. */
const RELAXED_PROBE = moduleOf([0x41, 0, 0xfd, 0x0f, 0x41, 0, 0xfd, 0x0f, 0xfd, 0x80, 0x02, 0x1a]);

/** Runs the kernels on numbers whose sums are known, and says which instructions the engine has. */
export function checkKernels(work: string, threads: number | undefined): Promise<Check> {
  return checked('kernels', async () => {
    if (!WebAssembly.validate(SIMD_PROBE)) {
      return { status: 'fail', detail: 'this engine has no WebAssembly SIMD' };
    }
    const workspace = await openLocalWorkspace({ work, threads, progress: SILENT });
    try {
      const { sumAB, equal } = await workspace.backend.pairSums(vector([1, 2, 3]), vector([4, 2, -1]));
      if (sumAB !== 5 || equal !== 1) {
        return { status: 'fail', detail: `wrong sums: ${sumAB} instead of 5, ${equal} equal instead of 1` };
      }
    } finally {
      await workspace.close();
    }
    return WebAssembly.validate(RELAXED_PROBE)
      ? { status: 'ok', detail: 'WebAssembly SIMD, relaxed SIMD' }
      : { status: 'warn', detail: 'WebAssembly SIMD; no relaxed SIMD: the same results, slower' };
  });
}

function vector(values: readonly number[]): TensorView {
  return { bytes: new Uint8Array(new Float32Array(values).buffer), dtype: 'F32', shape: [values.length] };
}

/** A WebAssembly module with one function `() → ()` of the given instructions. */
function moduleOf(instructions: readonly number[]): Uint8Array<ArrayBuffer> {
  const body = [0, ...instructions, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, body.length + 2, 0x01, body.length, ...body],
  ]);
}
