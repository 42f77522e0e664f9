import type { Progress, ResultDocument } from '@jokbo/contracts';
import type { LocalWorkspace } from './local-workspace.js';

/** What every part of a result needs to be measured again. */
export interface ReproduceOptions {
  readonly document: ResultDocument;
  /** The URI of a place that the commands of the result name. */
  readonly resolve: (place: string) => Promise<string>;
  /** Must not know what was measured before, or that is what is compared. */
  readonly workspace: LocalWorkspace;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}
