import { openLocalWorkspace, runAudit } from '@jokbo/activities';
import { SILENT, type Progress, type Stage } from '@jokbo/contracts';

/**
 * Audits of one process on the local driver, one after the other: `local-run.js <work> <threads> <programme> …`. It writes
 * one {@link LocalAudit} per line.
 */
const [, , work = '', threads = '', ...programmes] = process.argv;

/** What an audit took on the local driver. */
export interface LocalAudit {
  readonly digest: string;
  readonly seconds: number;
  /** Seconds of all threads of the process. */
  readonly processorSeconds: number;
  /** Seconds from the start until the last of a stage had ended. */
  readonly until: Partial<Record<Stage, number>>;
}

const workspace = await openLocalWorkspace({ work, threads: Number(threads), progress: SILENT });
try {
  for (const programme of programmes) {
    const began = performance.now();
    const used = process.cpuUsage();
    const until: Partial<Record<Stage, number>> = {};
    const progress: Progress = {
      ...SILENT,
      advance: (stage) => void (until[stage] = (performance.now() - began) / 1000),
    };
    const { digest } = await runAudit({ programme, workspace, progress });
    const seconds = (performance.now() - began) / 1000;
    const { user, system } = process.cpuUsage(used);
    const audit: LocalAudit = { digest, seconds, processorSeconds: (user + system) / 1e6, until };
    process.stdout.write(`${JSON.stringify(audit)}\n`);
  }
} finally {
  await workspace.close();
}
