import type { ResultDocument } from '@jokbo/contracts';
import { SAMPLING_SCHEME } from '@jokbo/fingerprint';
import { EVIDENCE_VERSION } from './evidence-store.js';
import { VERSION } from './version.js';

/** What makes results here: the method, as far as figures depend on it. */
export const TOOL: ResultDocument['tool'] = {
  name: 'jokbo',
  version: VERSION,
  sampling: SAMPLING_SCHEME,
  evidence: EVIDENCE_VERSION,
};
