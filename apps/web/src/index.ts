export { createSite, type SiteOptions } from './create-site.js';
export { openPublished, type Published } from './published/open-published.js';
