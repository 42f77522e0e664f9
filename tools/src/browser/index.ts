export { findChromium, type FoundChromium } from './find-chromium.js';
export { startChromium } from './start-chromium.js';
