import { findTemporal } from './find-temporal.js';
import { findVersitygw } from './find-versitygw.js';
import { say } from './foreground.js';

/** Makes the servers that tests use; one that cannot be had is told, and its tests are skipped. */
for (const [name, find] of [
  ['Temporal', findTemporal],
  ['S3', findVersitygw],
] as const) {
  try {
    await find({ make: true, say });
  } catch (error) {
    say(`no ${name} server here: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
  }
}
