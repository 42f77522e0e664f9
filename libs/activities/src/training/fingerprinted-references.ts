import type { Progress } from '@jokbo/contracts';
import { fingerprintSource, openSource } from '../load-model.js';
import type { LocalWorkspace } from '../local-workspace.js';
import type { TrajectoryRequest } from './trajectory-deps.js';

/** A reference by the name that a section gives it, and where it lies. */
export interface NamedSource {
  readonly id: string;
  readonly uri: string;
}

/** The references of a trajectory outside of a programme, fingerprinted one after the other. */
export async function fingerprintedReferences(
  references: readonly NamedSource[],
  deps: {
    readonly workspace: LocalWorkspace;
    readonly features: number;
    readonly progress: Progress;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<TrajectoryRequest['references']> {
  const { workspace, features, progress, signal } = deps;
  const fingerprinted = [];
  for (const { id, uri } of references) {
    const source = await openSource(uri, signal);
    try {
      const { id: fingerprint } = await fingerprintSource(source, {
        ...workspace,
        ...{ progress, features, signal },
      });
      fingerprinted.push({ id, fingerprint });
    } finally {
      await source.store.close();
    }
  }
  return fingerprinted;
}
