import { findTensorflow } from './find-tensorflow.js';

/** Makes TensorFlow for Node and says how it is used; `gpu` as argument for NVIDIA GPUs. */
const flavour = process.argv[2] ?? 'cpu';
if (flavour !== 'cpu' && flavour !== 'gpu') throw new Error('usage: npm run tensorflow [-- gpu]');
const folder = await findTensorflow({ flavour, make: true, say: (line) => console.error(line) });
console.log(`export JOKBO_TENSORFLOW=${folder ?? ''}`);
