import { serveShardTasks } from '../dist/shard-worker.js';

serveShardTasks();
