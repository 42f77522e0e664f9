/** How far one stage of a running audit is. */
export interface RunningStage {
  readonly stage: 'inventory' | 'fingerprint' | 'compare' | 'decide' | 'publish';
  readonly expected: number;
  readonly done: number;
  readonly read_bytes: number;
}

/** An audit that runs now. */
export interface RunningAudit {
  readonly programme: string;
  readonly driver: 'local' | 'temporal';
  readonly paused: boolean;
  readonly started_at: string;
  /** Seconds since it was last heard of. */
  readonly age_s: number;
  readonly stages: readonly RunningStage[];
  /** Reading speed of the last seconds; null where nothing is read, or nobody tells. */
  readonly read_bytes_per_s: number | null;
  /** Seconds that the stage under way has left at its pace; null where that is not known. */
  readonly eta_s: number | null;
}

/** Tells the audits that run now. */
export type AskRunning = () => Promise<readonly RunningAudit[]>;
