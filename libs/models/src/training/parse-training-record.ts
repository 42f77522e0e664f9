import { MalformedTrainingRecord, type Json } from '@jokbo/contracts';
import { CONFIG_JSON_LIMITS, safeJson } from '@jokbo/safetensors';
import { parseCheckpoints } from './parse-checkpoints.js';
import { parseInitialisation } from './parse-initialisation.js';
import {
  asObject,
  countMember,
  listMember,
  numberMember,
  objectMember,
  textMember,
  wrongField,
  type RecordObject,
} from './record-field.js';
import type {
  DeclaredHardware,
  DeclaredOptimiser,
  DeclaredSchedule,
  TrainingRecord,
} from './training-record.js';

/** Largest training.json in bytes; the record of 4,096 checkpoints of 100 shards has about 50 MB of hashes. */
export const MAX_TRAINING_JSON_BYTES = 64 * 1024 * 1024;

/** Most steps of a run: a token a step for a decade of training. */
export const MAX_STEPS = 1e9;

const LARGEST_LR = 1e6;

/**
 * Reads training.json. Keys that the format does not know are a team's own notes and are left alone; those that it
 * knows must have the right type and range.
 *
 * @param object URI, for errors.
 * @throws MalformedTrainingRecord `json`, `field`, `path`, `order`.
 */
export function parseTrainingRecord(bytes: Uint8Array, object: string): TrainingRecord {
  const top: RecordObject = { members: {}, path: '', object };
  const record = asObject(readJson(bytes, object), top, 'training.json');
  const root: RecordObject = { ...record, path: '' };
  const init = objectMember(root, 'init');
  const batch = objectMember(root, 'global_batch');
  return {
    object,
    seed: parseSeed(root),
    runId: textMember(root, 'wandb_run_id'),
    totalSteps: countMember(root, 'total_steps', MAX_STEPS),
    totalTokens: countMember(root, 'total_tokens'),
    batchTokens: batch === null ? null : countMember(batch, 'tokens'),
    activeParameters: countMember(root, 'active_parameters'),
    init: init === null ? null : parseInitialisation(init),
    optimiser: parseOptimiser(objectMember(root, 'optimizer')),
    schedule: parseSchedule(objectMember(root, 'schedule')),
    hardware: parseHardware(objectMember(root, 'hardware')),
    checkpoints: parseCheckpoints(root),
  };
}

function readJson(bytes: Uint8Array, object: string): Json {
  try {
    return safeJson(bytes, { ...CONFIG_JSON_LIMITS, bytes: MAX_TRAINING_JSON_BYTES }, object);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : 'not JSON';
    throw new MalformedTrainingRecord('json', message, { cause });
  }
}

/** @throws MalformedTrainingRecord beyond 64 bits, and for a JSON number that f64 has rounded. */
function parseSeed(root: RecordObject): string | null {
  const value = root.members['seed'] ?? null;
  if (value === null) return null;
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const valid = typeof text === 'string' && /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n;
  if (valid) return text;
  throw wrongField(root, 'seed', 'a whole number below 2^64, as text from 2^53', value);
}

function parseOptimiser(optimiser: RecordObject | null): DeclaredOptimiser | null {
  if (optimiser === null) return null;
  const name = textMember(optimiser, 'name');
  if (name === null) return null;
  const betas = listMember(optimiser, 'betas', 2);
  const [beta1, beta2] = betas.map((beta) => {
    if (typeof beta === 'number' && beta >= 0 && beta < 1) return beta;
    throw wrongField(optimiser, 'betas', 'two numbers from 0 to below 1', beta);
  });
  return {
    name,
    beta1: beta1 ?? null,
    beta2: beta2 ?? null,
    weightDecay: numberMember(optimiser, 'weight_decay', 0, LARGEST_LR),
    updateScale: textMember(optimiser, 'update_scale'),
  };
}

function parseSchedule(schedule: RecordObject | null): DeclaredSchedule | null {
  if (schedule === null) return null;
  const name = textMember(schedule, 'name');
  const peakLr = numberMember(schedule, 'peak_lr', 0, LARGEST_LR);
  if (name === null || peakLr === null) return null;
  return {
    name,
    peakLr,
    minLr: numberMember(schedule, 'min_lr', 0, LARGEST_LR),
    warmupSteps: countMember(schedule, 'warmup_steps', MAX_STEPS),
    totalSteps: countMember(schedule, 'total_steps', MAX_STEPS),
  };
}

function parseHardware(hardware: RecordObject | null): DeclaredHardware | null {
  if (hardware === null) return null;
  return {
    accelerator: textMember(hardware, 'accelerator'),
    count: countMember(hardware, 'count'),
    peakFlops: numberMember(hardware, 'peak_flops', 0, 1e21),
    seconds: numberMember(hardware, 'seconds', 0, 1e12),
  };
}
