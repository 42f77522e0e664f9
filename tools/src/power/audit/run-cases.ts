import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runAudit, type LocalWorkspace } from '@jokbo/activities';
import { SILENT } from '@jokbo/contracts';
import type { PowerCase, ZooReader } from '../cases/power-case.js';
import type { Model } from '../model/model.js';
import { readModel } from '../model/read-model.js';
import { seededRandom } from '../model/seeded-random.js';
import { writeModel } from '../model/write-model.js';
import type { CaseResult } from './case-result.js';
import { elementCorrelations } from './element-correlation.js';
import { judgeCase } from './judge-case.js';
import type { ReferenceModel } from './references.js';
import { MADE_FOLDER, writeProgramme } from './write-programme.js';

export interface RunOptions {
  readonly cases: readonly PowerCase[];
  readonly references: readonly ReferenceModel[];
  /** Folder of the zoo. */
  readonly zoo: string;
  /** Folder for made models; what it holds of them is removed again. */
  readonly folder: string;
  readonly workspace: LocalWorkspace;
  readonly note: (text: string) => void;
}

/** Releases of one audit: as many as a large programme has, so that p is adjusted over as many tests. */
const RELEASES_PER_AUDIT = 13;

/** Makes every model, audits them in groups against the references, and judges what the audit said. */
export async function runCases(options: RunOptions): Promise<CaseResult[]> {
  const zoo = zooReader(options.zoo);
  const results: CaseResult[] = [];
  for (let from = 0; from < options.cases.length; from += RELEASES_PER_AUDIT) {
    const group = options.cases.slice(from, from + RELEASES_PER_AUDIT);
    options.note(`cases ${from + 1} to ${from + group.length} of ${options.cases.length}`);
    results.push(...(await auditGroup(group, zoo, options)));
  }
  return results;
}

/** Reads models of the zoo, each once. */
function zooReader(folder: string): ZooReader {
  const models = new Map<string, Promise<Model>>();
  return (path) => {
    const model = models.get(path) ?? readModel(join(folder, path));
    models.set(path, model);
    return model;
  };
}

async function auditGroup(
  group: readonly PowerCase[],
  zoo: ZooReader,
  { folder, references, workspace, ...options }: RunOptions,
): Promise<CaseResult[]> {
  const made = join(folder, MADE_FOLDER);
  await mkdir(made, { recursive: true });
  const subjects = [];
  for (const [index, power] of group.entries()) {
    const id = `case-${index}`;
    const model = await power.make(zoo, seededRandom(power.id));
    await writeModel(join(made, id), model, { shards: power.shards });
    const kept = elementCorrelations(await zoo(power.base), model);
    subjects.push({ id, release: `${power.kind}, ${power.parameters}`, power, kept });
  }
  const programme = await writeProgramme(folder, options.zoo, subjects, references);
  const { document } = await runAudit({ programme, workspace, progress: SILENT });
  await rm(made, { recursive: true });
  const paths = new Map(references.map(({ id, path }) => [id, path]));
  return subjects.map(({ id, power, kept }) => {
    const pairs = document.pairs.filter(({ subject }) => subject === id);
    return judgeCase(power, pairs, (reference) => paths.get(reference) ?? reference, kept);
  });
}
