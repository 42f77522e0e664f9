import { findTensorflow } from '../tensorflow/index.js';
import { findValidator } from '../validators/index.js';
import { findTemporal } from './find-temporal.js';
import { findVersitygw } from './find-versitygw.js';
import { say } from './foreground.js';

const options = { make: true, say };

/** Makes the programs that tests use; one that cannot be had is told, and its tests are skipped. */
for (const [name, find] of [
  ['Temporal server', () => findTemporal(options)],
  ['S3 server', () => findVersitygw(options)],
  ['TensorFlow', () => findTensorflow(options)],
  ['check of compose files', () => findValidator('compose', options)],
  ['check of Kubernetes manifests', () => findValidator('kubernetes', options)],
  ['Helm', () => findValidator('helm', options)],
] as const) {
  try {
    await find();
  } catch (error) {
    say(`no ${name} here: ${error instanceof Error ? error.message.slice(0, 500) : String(error)}`);
  }
}
