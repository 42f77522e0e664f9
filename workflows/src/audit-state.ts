import {
  DEFAULT_PRIORITY,
  FLEET_SEARCH_ATTRIBUTES,
  type AuditRequest,
  type FleetCount,
  type FleetPriority,
  type FleetProgress,
  type FleetStage,
} from '@jokbo/contracts';
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  condition,
  upsertSearchAttributes,
  workflowInfo,
  type ChildWorkflowHandle,
  type Workflow,
  type WorkflowResultType,
} from '@temporalio/workflow';
import { EVENTS_PER_RUN, LEAST_EVENTS, type CarriedAudit } from './carried-audit.js';
import { GPU_WAIT_MS, type GpuUse } from './gpu-route.js';
import { pauseSignal, prioritiseSignal, resumeSignal } from './messages.js';

const { AuditState, ShardsDone, ShardsTotal } = FLEET_SEARCH_ATTRIBUTES;
const STATE = defineSearchAttributeKey('AuditState', AuditState);
const DONE = defineSearchAttributeKey('ShardsDone', ShardsDone);
const TOTAL = defineSearchAttributeKey('ShardsTotal', ShardsTotal);

/** Failures that are told to whoever asks, the first ones; the result has all. */
const MOST_FAILURES = 20;

/** Longest text of one of them, UTF-16 code units. */
const LONGEST_FAILURE = 300;

/** What an audit knows of itself while it runs. */
export interface AuditState {
  readonly isPaused: () => boolean;
  readonly priority: () => FleetPriority;
  /** How its batches use GPUs. */
  readonly gpuUse: () => { readonly gpu?: GpuUse };
  setPaused(paused: boolean): Promise<void>;
  prioritise(priority: FleetPriority): Promise<void>;
  /** Starts a call once the audit is neither paused nor about to go on with a new history. */
  whileRunning<R>(call: () => Promise<R>): Promise<R>;
  /** Tells that the journal is read: what it takes of a history is no reason to go on with a new one. */
  loaded(): void;
  /** Resolves when the history is long and nothing runs any more: from then on nothing starts. */
  untilDrained(): Promise<void>;
  expect(stage: FleetStage, items: number): void;
  advance(stage: FleetStage, items: number, read?: number): void;
  /** Tells of a part that failed for good. */
  failed(text: string): void;
  /** Shows a stage to whoever lists audits: `reading`, `comparing`, `deciding`, `published`, `incomplete`. */
  announce(state: string): void;
  /** Number of a window or batch that is about to start: no other of the audit has it. */
  nextWindow(): number;
  /** What a window or batch comes to; until then it is told what the audit is told. */
  whileFollowed<T extends Workflow>(window: ChildWorkflowHandle<T>): Promise<WorkflowResultType<T>>;
  progress(): FleetProgress;
  carried(): Omit<CarriedAudit, 'journal'>;
}

/** @param backend what alone is to compute; absent: whatever the fleet has. */
export function createAuditState(before: CarriedAudit, backend?: AuditRequest['backend']): AuditState {
  const { eventsPerRun = EVENTS_PER_RUN } = before;
  const counts = new Map<FleetStage, { expected: number; done: number; read: number }>();
  for (const { stage, ...count } of before.counts ?? []) counts.set(stage, count);
  const windows = new Map<string, Pick<ChildWorkflowHandle<Workflow>, 'signal'>>();
  const failures = new Set<string>();
  let { paused = false, priority = DEFAULT_PRIORITY, windowsStarted = 0 } = before;
  let running = 0;
  let draining = false;
  let longAt = Infinity;
  const countOf = (stage: FleetStage) => {
    const count = counts.get(stage) ?? { expected: 0, done: 0, read: 0 };
    counts.set(stage, count);
    return count;
  };
  const progressCounts = (): FleetCount[] => [...counts].map(([stage, count]) => ({ stage, ...count }));
  // A window may end while it is told: then it has nothing left to be told.
  const tell = async (
    send: (window: Pick<ChildWorkflowHandle<Workflow>, 'signal'>) => Promise<void>,
  ): Promise<void> => {
    await Promise.allSettled([...windows.values()].map(send));
  };

  return {
    isPaused: () => paused,
    priority: () => priority,
    gpuUse() {
      if (backend === 'wasm') return {};
      return { gpu: { wait: GPU_WAIT_MS, ...(backend === 'tensorflow' ? { only: true } : {}) } };
    },
    async setPaused(wanted) {
      if (paused === wanted) return;
      paused = wanted;
      await tell((window) => window.signal(wanted ? pauseSignal : resumeSignal));
    },
    async prioritise(wanted) {
      priority = wanted;
      await tell((window) => window.signal(prioritiseSignal, wanted));
    },
    async whileRunning(call) {
      await condition(() => !paused && !draining);
      running += 1;
      try {
        return await call();
      } finally {
        running -= 1;
        if (workflowInfo().historyLength >= longAt) draining = true;
      }
    },
    loaded() {
      // A run that only read what it goes on with would go on so for ever.
      const least = workflowInfo().historyLength + Math.min(eventsPerRun, LEAST_EVENTS);
      longAt = Math.max(eventsPerRun, least);
    },
    untilDrained: () => condition(() => draining && running === 0),
    expect(stage, items) {
      countOf(stage).expected += items;
    },
    advance(stage, items, read = 0) {
      const count = countOf(stage);
      count.done += items;
      count.read += read;
    },
    failed(text) {
      if (failures.size < MOST_FAILURES) failures.add(text.slice(0, LONGEST_FAILURE));
    },
    announce(state) {
      const items = progressCounts().filter(({ stage }) => stage !== 'fingerprint');
      upsertSearchAttributes([
        { key: STATE, value: state },
        { key: DONE, value: items.reduce((sum, { done }) => sum + done, 0) },
        { key: TOTAL, value: items.reduce((sum, { expected }) => sum + expected, 0) },
      ]);
    },
    nextWindow: () => (windowsStarted += 1),
    async whileFollowed(window) {
      windows.set(window.workflowId, window);
      try {
        return await window.result();
      } finally {
        windows.delete(window.workflowId);
      }
    },
    progress: () => ({
      ...{ paused, priority, counts: progressCounts(), windows: [...windows.keys()] },
      ...(failures.size === 0 ? {} : { failures: [...failures] }),
    }),
    carried: () => ({
      ...(before.eventsPerRun === undefined ? {} : { eventsPerRun }),
      ...(before.perBatch === undefined ? {} : { perBatch: before.perBatch }),
      counts: progressCounts(),
      paused,
      priority,
      windowsStarted,
    }),
  };
}
