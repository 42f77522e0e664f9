import type { Progress, Stage } from '@jokbo/contracts';
import { LONGEST_PROSE, visibleText } from '@jokbo/report';
import { columnsOf, type OutputStream } from './host.js';
import {
  isDone,
  recentSamples,
  stageLine,
  stageOrder,
  stageSummary,
  type ReadSample,
  type StageState,
} from './progress-stages.js';

/** Seconds between two drawings of the line of a terminal. */
const REDRAW_S = 0.1;
/** Seconds between two lines where there is no terminal. */
const PLAIN_LINE_S = 5;

const ERASE_LINE = '\r\u001b[K';

export interface ShownProgress extends Progress {
  /** Says how the stages ended that were not told of yet, and leaves the terminal on a new line. */
  close(): void;
}

export interface ShowProgressOptions {
  readonly stream: OutputStream;
  readonly quiet: boolean;
  /** Seconds of a steady clock. */
  readonly now?: () => number;
}

/**
 * Shows what a run is doing: on a terminal as one line that overwrites itself, elsewhere as plain lines, at most
 * one in five seconds beside one at the end of each stage.
 */
export function showProgress(options: ShowProgressOptions): ShownProgress {
  const { stream, quiet, now = () => performance.now() / 1000 } = options;
  const terminal = stream.isTTY === true;
  const stages = new Map<Stage, StageState>();
  let samples: ReadSample[] = [];
  let drawn = false;
  let lastShown = now();

  function write(text: string): void {
    if (!quiet) stream.write(text);
  }

  function erase(): void {
    if (drawn) write(ERASE_LINE);
    drawn = false;
  }

  function tell(line: string): void {
    erase();
    write(`${line}\n`);
  }

  function stateOf(stage: Stage): StageState {
    const known = stages.get(stage);
    if (known !== undefined) return known;
    const made = { stage, expected: 0, done: 0, read: 0, since: now(), until: now(), told: false };
    stages.set(stage, made);
    return made;
  }

  function tellEnded(before: number): void {
    const ended = [...stages.values()]
      .filter((state) => !state.told && isDone(state) && stageOrder(state.stage) < before)
      .sort((a, b) => stageOrder(a.stage) - stageOrder(b.stage));
    for (const state of ended) {
      state.told = true;
      tell(stageSummary(state));
    }
  }

  /** The stage that is furthest on; models are counted beside the reading of their parts. */
  function currentLine(): string {
    const begun = [...stages.values()].filter(({ done }) => done > 0);
    const [state] = begun.sort((a, b) => stageOrder(b.stage) - stageOrder(a.stage));
    if (state === undefined) return '';
    const models = stages.get('inventory');
    const counted = models !== undefined && models !== state && !isDone(models);
    const beside = counted ? `, models ${models.done}/${models.expected}` : '';
    return `${stageLine(state, samples, now())}${beside}`;
  }

  function show(): void {
    if (now() - lastShown < (terminal ? REDRAW_S : PLAIN_LINE_S)) return;
    lastShown = now();
    const line = currentLine();
    if (!terminal) {
      tell(line);
      return;
    }
    write(`${ERASE_LINE}${line.slice(0, Math.max(1, columnsOf(stream) - 1))}`);
    drawn = true;
  }

  return {
    expect(stage, items) {
      stateOf(stage).expected += items;
    },
    advance(stage, items, read = 0) {
      const state = stateOf(stage);
      state.done += items;
      state.read += read;
      state.until = now();
      if (read > 0) samples = [...recentSamples(samples, now()), { at: now(), bytes: read }];
      tellEnded(stageOrder(stage));
      show();
    },
    note(text) {
      tell(`jokbo: ${visibleText(text, LONGEST_PROSE)}`);
    },
    close() {
      tellEnded(Number.POSITIVE_INFINITY);
      erase();
    },
  };
}
