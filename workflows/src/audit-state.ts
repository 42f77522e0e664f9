import {
  FLEET_SEARCH_ATTRIBUTES,
  type FleetCount,
  type FleetProgress,
  type FleetStage,
} from '@jokbo/contracts';
import { defineSearchAttributeKey } from '@temporalio/common';
import { condition, upsertSearchAttributes, type ChildWorkflowHandle } from '@temporalio/workflow';
import type { compareWindow } from './compare-window.js';
import { pauseSignal, resumeSignal } from './messages.js';

const { AuditState, ShardsDone, ShardsTotal } = FLEET_SEARCH_ATTRIBUTES;
const STATE = defineSearchAttributeKey('AuditState', AuditState);
const DONE = defineSearchAttributeKey('ShardsDone', ShardsDone);
const TOTAL = defineSearchAttributeKey('ShardsTotal', ShardsTotal);

type WindowHandle = ChildWorkflowHandle<typeof compareWindow>;

/** What an audit knows of itself while it runs. */
export interface AuditState {
  readonly isPaused: () => boolean;
  /** Goes on once the audit is not paused. */
  untilResumed(): Promise<void>;
  setPaused(paused: boolean): Promise<void>;
  expect(stage: FleetStage, items: number): void;
  advance(stage: FleetStage, items: number, read?: number): void;
  /** Shows a stage to whoever lists audits: `reading`, `comparing`, `deciding`, `published`. */
  announce(state: string): void;
  windowStarted(window: WindowHandle): void;
  windowEnded(window: WindowHandle): void;
  progress(): FleetProgress;
}

export function createAuditState(): AuditState {
  const counts = new Map<FleetStage, { expected: number; done: number; read: number }>();
  const windows = new Map<string, WindowHandle>();
  let paused = false;
  const countOf = (stage: FleetStage) => {
    const count = counts.get(stage) ?? { expected: 0, done: 0, read: 0 };
    counts.set(stage, count);
    return count;
  };
  const progressCounts = (): FleetCount[] => [...counts].map(([stage, count]) => ({ stage, ...count }));
  return {
    isPaused: () => paused,
    untilResumed: () => condition(() => !paused),
    async setPaused(wanted) {
      if (paused === wanted) return;
      paused = wanted;
      const signal = wanted ? pauseSignal : resumeSignal;
      // A window may end while it is told: then it has nothing left to pause.
      await Promise.allSettled([...windows.values()].map((window) => window.signal(signal)));
    },
    expect(stage, items) {
      countOf(stage).expected += items;
    },
    advance(stage, items, read = 0) {
      const count = countOf(stage);
      count.done += items;
      count.read += read;
    },
    announce(state) {
      const items = progressCounts().filter(({ stage }) => stage !== 'fingerprint');
      upsertSearchAttributes([
        { key: STATE, value: state },
        { key: DONE, value: items.reduce((sum, { done }) => sum + done, 0) },
        { key: TOTAL, value: items.reduce((sum, { expected }) => sum + expected, 0) },
      ]);
    },
    windowStarted: (window) => void windows.set(window.workflowId, window),
    windowEnded: (window) => void windows.delete(window.workflowId),
    progress: () => ({ paused, counts: progressCounts(), windows: [...windows.keys()] }),
  };
}
