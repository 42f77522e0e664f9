export { removeAbandonedWrites } from './abandoned-writes.js';
export { pinnedUri } from './open-hub-store.js';
export { openStore } from './open-store.js';
export { openConnections, type StoreConnections } from './store-connections.js';
export type { S3Options, StoreOptions } from './store-options.js';
export { formatUri, joinUri, parseUri, parseWritableUri, splitUri, type Location } from './uri.js';
export { MAX_RANGE, readRange, readWhole } from './read-range.js';
export { createContentStore, MAX_CONTENT, type ContentStore, type StoredContent } from './content-store.js';
export { S3_VARIABLES, s3Settings, type S3Settings, type S3Variable } from './s3-settings.js';
