export { addressOf } from './address.js';
export { createSite, type SiteOptions } from './create-site.js';
export { openPublished, type Published } from './published/open-published.js';
export { MIN_TOKEN_LENGTH, type Draft, type DraftSource } from './drafts/draft-source.js';
export type { AskRunning, RunningAudit, RunningStage } from './running/running-audit.js';
