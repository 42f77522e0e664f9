export { main } from './main.js';
export { workerCommand, type WorkerProcessOptions } from './worker-options.js';
