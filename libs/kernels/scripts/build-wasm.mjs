// Compiles assembly/ twice (simd128, relaxed simd) and writes both binaries to src/wasm-binary.ts.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const PACKAGE = new URL('../', import.meta.url);
const TARGET = new URL('src/wasm-binary.ts', PACKAGE);

const FLAGS = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert', '--runtime', 'stub'],
  // One shared memory that the caller makes; 65,536 pages = 4 GiB is what a 32-bit pointer reaches.
  ...[
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--noExportMemory',
  ],
  ...['--enable', 'threads', '--enable', 'simd'],
];

async function compile(features) {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['assembly/index.ts', '--outFile', 'out.wasm', ...FLAGS, ...features],
    {
      readFile: (name, base) =>
        readFile(new URL(name, new URL(`${base}/`, PACKAGE)), 'utf8').catch(() => null),
      writeFile: (name, content) => void files.set(name, content),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`AssemblyScript: ${error.message}\n${stderr.toString()}`);
  return files.get('out.wasm');
}

const constant = (name, bytes) => `export const ${name} =\n  '${Buffer.from(bytes).toString('base64')}';\n`;
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The text of src/wasm-binary.ts as the sources now compile. */
export async function wasmBinarySource() {
  const simd = await compile([]);
  const relaxed = await compile(['--enable', 'relaxed-simd']);
  return [
    '// Written by scripts/build-wasm.mjs from assembly/; a test compares the two. Do not edit.\n\n',
    '// prettier-ignore\n',
    constant('SIMD_WASM', simd),
    '// prettier-ignore\n',
    constant('RELAXED_SIMD_WASM', relaxed),
    '\n/** SHA-256 of the two binaries. */\n',
    `export const WASM_DIGESTS = {\n  simd: '${digest(simd)}',\n  relaxed: '${digest(relaxed)}',\n} as const;\n`,
  ].join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(TARGET, await wasmBinarySource());
}
