import { MalformedTrainingRecord, type ByteSource } from '@jokbo/contracts';
import { MAX_ROW_METRICS, numberOfJson, type HistoryRow } from './history-row.js';
import { wandbFrames, type CutTail } from './wandb-frames.js';
import { wireFields, wireText, type WireMessage } from './wire-format.js';

/** Fields of `wandb_internal.Record` and of what it holds (wandb 0.31.0, wandb_internal.proto). */
const RECORD = { history: 2, config: 5, run: 17, exit: 18 } as const;
const HISTORY = { item: 1, step: 2 } as const;
const STEP_NUMBER = 1;
const CONFIG_UPDATE = 1;
const RUN = { id: 1, config: 4 } as const;
const ITEM = { key: 1, nestedKey: 2, valueJson: 16 } as const;

/** Longest metric name in UTF-8 bytes. */
const MAX_NAME_BYTES = 4096;

/** Most settings of a run that are kept. */
const MAX_SETTINGS = 10_000;

/** An offline run, its rows read as they are asked for. */
export interface WandbRun {
  /** Rows in file order. Read once. */
  readonly rows: AsyncGenerator<HistoryRow, void>;
  /** What the file says besides; complete when the rows have been read. */
  readonly facts: Readonly<WandbFacts>;
}

export interface WandbFacts {
  runId: string | null;
  /** Numeric settings of the run's config, by name. */
  readonly settings: Map<string, number>;
  records: number;
  /** The process ended the run itself. */
  exited: boolean;
  cutTail: CutTail | null;
}

/**
 * Reads an offline `.wandb` file as a stream: history rows, and the few other records that a check needs.
 *
 * @throws MalformedTrainingRecord (from `rows`) as `wandbFrames` and `wireFields`; `step` for a row without `_step`.
 */
export function readWandb(source: ByteSource, signal?: AbortSignal): WandbRun {
  const facts: WandbFacts = { runId: null, settings: new Map(), records: 0, exited: false, cutTail: null };
  async function* rows(): AsyncGenerator<HistoryRow, void> {
    const frames = wandbFrames(source, signal);
    for (;;) {
      const frame = await frames.next();
      if (frame.done === true) {
        facts.cutTail = frame.value;
        return;
      }
      facts.records += 1;
      for (const field of wireFields(frame.value)) {
        if (field.kind !== 'bytes') continue;
        if (field.number === RECORD.history) yield historyRow(field.message, frame.value.offset);
        else if (field.number === RECORD.run) readRun(field.message, facts);
        else if (field.number === RECORD.config) readConfig(field.message, facts);
        else if (field.number === RECORD.exit) facts.exited = true;
      }
    }
  }
  return { rows: rows(), facts };
}

function historyRow(history: WireMessage, offset: number): HistoryRow {
  const values = new Map<string, number>();
  let step: number | null = null;
  for (const field of wireFields(history)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === HISTORY.item) {
      const item = readItem(field.message);
      if (item !== null) values.set(item.name, item.value);
      if (values.size > MAX_ROW_METRICS) {
        throw new MalformedTrainingRecord('too-large', `a row of more than ${MAX_ROW_METRICS} metrics`, {
          object: history.object,
          value: `byte ${offset}`,
        });
      }
    } else if (field.number === HISTORY.step) {
      for (const part of wireFields(field.message)) {
        if (part.number === STEP_NUMBER && part.kind === 'varint') step = part.value;
      }
    }
  }
  step = values.get('_step') ?? step;
  if (step === null || !Number.isSafeInteger(step) || step < 0) {
    throw new MalformedTrainingRecord('step', 'a row without a whole _step', {
      object: history.object,
      value: `byte ${offset}`,
    });
  }
  return { step, values, offset };
}

/** Name and number of an item; null where its value is no number. Nested names are joined by dots, as in exports. */
function readItem(message: WireMessage): { readonly name: string; readonly value: number } | null {
  const nested: string[] = [];
  let name = '';
  let value: number | null = null;
  let bytes = 0;
  for (const field of wireFields(message)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === ITEM.valueJson) value = numberOf(field.message);
    else if (field.number === ITEM.key || field.number === ITEM.nestedKey) {
      bytes += field.message.bytes.length + 1;
      if (bytes > MAX_NAME_BYTES) {
        throw new MalformedTrainingRecord('too-large', `a name of more than ${MAX_NAME_BYTES} bytes`, {
          object: message.object,
          value: `byte ${field.message.offset}`,
        });
      }
      if (field.number === ITEM.key) name = wireText(field.message);
      else nested.push(wireText(field.message));
    }
  }
  return value === null ? null : { name: name === '' ? nested.join('.') : name, value };
}

function numberOf(message: WireMessage): number | null {
  const first = message.bytes[0] ?? 0;
  // Tables, histograms and texts may be long: they are never decoded.
  return first === 0x7b || first === 0x5b || first === 0x22 || message.bytes.length > 1024
    ? null
    : numberOfJson(wireText(message));
}

function readRun(run: WireMessage, facts: WandbFacts): void {
  for (const field of wireFields(run)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === RUN.config) readConfig(field.message, facts);
    else if (field.number === RUN.id && field.message.bytes.length <= MAX_NAME_BYTES) {
      facts.runId = wireText(field.message);
    }
  }
}

function readConfig(config: WireMessage, facts: WandbFacts): void {
  for (const field of wireFields(config)) {
    if (field.kind !== 'bytes' || field.number !== CONFIG_UPDATE) continue;
    const item = readItem(field.message);
    if (item !== null && facts.settings.size < MAX_SETTINGS) facts.settings.set(item.name, item.value);
  }
}
