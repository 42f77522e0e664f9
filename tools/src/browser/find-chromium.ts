import { existsSync } from 'node:fs';
import { findOnPath, isExecutable } from '../servers/find-on-path.js';

/** Names under which Chrome and Chromium are installed, in the order they are tried. */
const NAMES = ['google-chrome', 'google-chrome-stable', 'chrome', 'chromium', 'chromium-browser'];

/** Where macOS keeps them. */
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A browser that can be started, or why there is none. */
export type FoundChromium = { readonly executable: string } | { readonly missing: string };

/** The browser of CHROMIUM_PATH, else an installed Chrome, else Debian's `chromium`. Nothing is downloaded. */
export function findChromium(): FoundChromium {
  const named = process.env['CHROMIUM_PATH'] ?? '';
  if (named !== '') {
    return isExecutable(named)
      ? { executable: named }
      : { missing: `CHROMIUM_PATH names no program: ${named}` };
  }
  const installed = [...NAMES.map(findOnPath), ...APPLICATIONS.filter(existsSync)].find(
    (path) => path !== null,
  );
  return installed === undefined
    ? { missing: 'no browser: CHROMIUM_PATH is not set, and neither Chrome nor chromium is installed' }
    : { executable: installed };
}
