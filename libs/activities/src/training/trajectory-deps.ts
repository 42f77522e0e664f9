import type { Progress, TensorBackend } from '@jokbo/contracts';
import type { PartStore, TaskRunner } from '@jokbo/fingerprint';
import type { StoreConnections } from '@jokbo/storage';
import type { Comparer } from '../comparer.js';

/** What measuring a trajectory works with. */
export interface TrajectoryDeps {
  readonly parts: PartStore;
  readonly runner: TaskRunner;
  readonly backend: TensorBackend;
  readonly comparer: Comparer;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** What the stores of sources share. */
  readonly connections?: StoreConnections | undefined;
}

/** One trajectory to be measured. */
export interface TrajectoryRequest {
  /** Id or source of the release, as reports name it. */
  readonly subject: string;
  readonly releaseUri: string;
  /** Folder with training.json, checkpoints/ and logs; often the release itself. */
  readonly trainingUri: string;
  /** Fingerprints to hold every checkpoint against, in order. */
  readonly references: readonly { readonly id: string; readonly fingerprint: string }[];
  readonly features: number;
}
