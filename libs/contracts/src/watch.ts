/**
 * A folder or bucket prefix in which a team drops releases: each folder directly below it is one. Or a revision of a model
 * on a hub: each commit that it comes to name is one.
 */
export interface WatchedPrefix {
  /** Written as the source of a subject. */
  readonly prefix: string;
  readonly team: string;
}

/** What a programme file says of watching; times in milliseconds. */
export interface WatchSettings {
  /** Between two looks for new releases; null = none are looked for. */
  readonly every: number | null;
  /** Between two audits of all that is known; null = there are none. */
  readonly again: number | null;
  /** A release counts as whole once none of its files changed for so long. */
  readonly settle: number;
  /** How late a missed look or audit is still made up for. */
  readonly catchUp: number;
  /** By how much a look or audit is put off at most, at random. */
  readonly jitter: number;
  readonly prefixes: readonly WatchedPrefix[];
}

/** Name under which workers know the workflow that schedules start. */
export const WATCH_WORKFLOW = 'watchProgramme';

/** What a schedule asks for. */
export interface WatchRequest {
  /** URI of the programme file; it is read anew each time. */
  readonly programme: string;
  /** Id below which the audits of the programme take turns. */
  readonly watch: string;
  /** Look for new releases, or audit all that is known again. */
  readonly task: 'releases' | 'again';
}

/** A release below a watched prefix: one version of it. */
export interface FoundRelease {
  /** Absolute URI of its folder, or of its commit on a hub. */
  readonly source: string;
  /** The watched revision whose commit it is; absent where the source is the same for all versions. */
  readonly place?: string;
  readonly team: string;
  /** Name of its folder, or of the model. */
  readonly release: string;
  /** SHA-256 over paths, sizes and etags of its files. */
  readonly digest: string;
}

/** What a look at the watched prefixes found. */
export interface ReleaseLook {
  readonly settle: number;
  /** Releases whose present version was not audited yet. */
  readonly releases: readonly FoundRelease[];
}

/** Whether an audit is due, and which. */
export type Admission =
  | {
      readonly kind: 'audit';
      /** Workflow id: one for one state of programme and sources. */
      readonly audit: string;
      /** URI of the programme that is audited: with the releases that were found. */
      readonly programme: string;
      /** Digest of programme, rules, tool and etags of all sources. */
      readonly state: string;
    }
  /** This very state was audited. */
  | { readonly kind: 'known' }
  /** The release changed or vanished meanwhile. */
  | { readonly kind: 'moved' }
  | { readonly kind: 'refused'; readonly reason: string };

/** How an audit ended that nothing but another version of its sources would change. */
export interface WatchedEnd {
  readonly programme: string;
  readonly release: FoundRelease | null;
  readonly state: string;
  /** Null where the audit gave a result. */
  readonly failure: string | null;
}

/** What became of what a schedule asked for. */
export interface WatchOutcome {
  /** Null for an audit of all that is known. */
  readonly source: string | null;
  readonly outcome: 'audited' | 'known' | 'moved' | 'refused' | 'failed' | 'again later';
  readonly reason: string | null;
}

/** What workflows of the watcher ask workers for. A repeated call changes nothing. */
export interface WatchActivities {
  findReleases(programme: string): Promise<ReleaseLook>;
  /** @param release null for all that is known. */
  admitAudit(programme: string, release: FoundRelease | null): Promise<Admission>;
  recordAudit(end: WatchedEnd): Promise<void>;
}

/** Names of {@link WatchActivities}, for workers. */
export const WATCH_ACTIVITIES = [
  'findReleases',
  'admitAudit',
  'recordAudit',
] as const satisfies readonly (keyof WatchActivities)[];
