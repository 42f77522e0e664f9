export { ANALYST_ROLE, analystUrl } from './analyst/analyst-url.js';
export type { QueryValue } from './analyst/column-value.js';
export { runQuery, type QueryAnswer, type QueryOptions } from './analyst/run-query.js';
export { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded/start-embedded-postgres.js';
export { loadResult } from './load-result.js';
export { migrateDatabase } from './migrate-database.js';
export { openDatabase, type Database, type DatabaseOptions } from './open-database.js';
export { publish, type Publication } from './publish/publish.js';
