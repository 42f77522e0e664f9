import { serveActivities } from '../dist/serve-activities.js';

await serveActivities();
