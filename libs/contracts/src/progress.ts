/** What a run is doing, for whoever shows it. Bytes are those read from storage. */
export interface Progress {
  /** Announces work of one stage: items, and bytes where reading is the cost. */
  expect(stage: Stage, items: number, bytes?: number): void;
  /** Reports finished work; `read` bytes came from storage, none where a stored part was found. */
  advance(stage: Stage, items: number, read?: number): void;
  note(text: string): void;
}

export type Stage = 'inventory' | 'fingerprint' | 'compare' | 'decide' | 'publish';

/** Shows nothing. */
export const SILENT: Progress = {
  expect: () => undefined,
  advance: () => undefined,
  note: () => undefined,
};
