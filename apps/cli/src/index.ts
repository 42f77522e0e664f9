export { main } from './main.js';
export type { Host } from './terminal/host.js';
