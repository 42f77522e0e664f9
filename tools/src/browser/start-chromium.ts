import { chromium, type Browser } from 'playwright-core';
import { findChromium } from './find-chromium.js';

/** Milliseconds until a browser that does not answer is given up; a loaded machine starts one in some seconds. */
const START_LIMIT_MS = 60_000;

/**
 * Starts the browser of {@link findChromium} without a window. Who starts it closes it.
 *
 * @returns why there is none, where none is installed.
 */
export async function startChromium(): Promise<Browser | string> {
  const found = findChromium();
  if ('missing' in found) return found.missing;
  return chromium.launch({
    executablePath: found.executable,
    timeout: START_LIMIT_MS,
    args: ['--force-color-profile=srgb'],
  });
}
