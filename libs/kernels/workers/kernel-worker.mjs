// A kernel thread: runs calls of the compiled module over the shared memory. It is plain JavaScript without imports
// of this package, because Node 20 runs no TypeScript in a worker, and a build could be older than the sources.
import { parentPort, workerData } from 'node:worker_threads';

const { module, memory } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });

parentPort.on('message', ({ slot, calls }) => {
  for (const [name, ...args] of calls) exports[name](...args);
  parentPort.postMessage(slot);
});
parentPort.postMessage('ready');
