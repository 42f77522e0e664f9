import { serveComparisons } from '../dist/compare-worker.js';

serveComparisons();
