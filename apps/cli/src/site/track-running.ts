import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, countProgress, type Progress, type Stage } from '@jokbo/contracts';
import { recentSamples, stageOrder, type ReadSample } from '../terminal/progress-stages.js';
import { RUNNING_FOLDER, type RunningFile } from './running-file.js';

/** How often an audit says how far it is. Milliseconds. */
const WRITE_EVERY_MS = 1000;

/** Letters of the digest of a programme's place that tell audits apart. */
const NAME_LENGTH = 16;

export interface TrackedProgress extends Progress {
  /** Ends the telling: the audit runs no more. */
  close(): Promise<void>;
}

/**
 * Writes how far an audit is below its work folder, every second, for whoever serves it. Telling never ends an audit: a
 * file that cannot be written is not written.
 *
 * @param progress is told everything as well.
 * @param folder local work folder.
 * @param programme its place, and the name that is shown.
 */
export function trackRunning(
  progress: Progress,
  folder: string,
  programme: { readonly uri: string; readonly name: string },
): TrackedProgress {
  const place = join(folder, RUNNING_FOLDER);
  const file = join(
    place,
    `${createHash('sha256').update(programme.uri).digest('hex').slice(0, NAME_LENGTH)}.json`,
  );
  const startedAt = Date.now();
  const counted = countProgress(progress);
  const begun = new Map<Stage, number>();
  let samples: ReadSample[] = [];
  let writing: Promise<void> = Promise.resolve();

  const begin = (stage: Stage): void => {
    if (!begun.has(stage)) begun.set(stage, Date.now());
  };

  function content(): RunningFile {
    const now = Date.now();
    return {
      programme: programme.name,
      started_ms: startedAt,
      written_ms: now,
      stages: counted
        .counts()
        .sort((a, b) => stageOrder(a.stage) - stageOrder(b.stage))
        .map(({ read, ...count }) => ({
          ...count,
          read_bytes: read,
          since_ms: begun.get(count.stage) ?? now,
        })),
      recent: recentSamples(samples, now / 1000).map(({ at, bytes }) => ({ at_ms: at * 1000, bytes })),
    };
  }

  async function write(): Promise<void> {
    try {
      await mkdir(place, { recursive: true });
      const next = `${file}.next`;
      await writeFile(next, canonicalJson(content()));
      await rename(next, file);
    } catch (error) {
      progress.note(
        `nobody can follow this audit: ${error instanceof Error ? error.message : String(error)}`,
      );
      clearInterval(timer);
    }
  }

  const timer = setInterval(() => {
    writing = writing.then(write);
  }, WRITE_EVERY_MS);
  timer.unref();

  return {
    expect(stage, items, bytes) {
      begin(stage);
      counted.expect(stage, items, bytes);
    },
    advance(stage, items, read = 0) {
      begin(stage);
      const now = Date.now() / 1000;
      if (read > 0) samples = [...recentSamples(samples, now), { at: now, bytes: read }];
      counted.advance(stage, items, read);
    },
    note: (text) => progress.note(text),
    async close() {
      clearInterval(timer);
      await writing;
      // What cannot be removed could not be written either, or is forgotten by whoever reads it.
      await rm(file, { force: true }).catch(() => undefined);
    },
  };
}
