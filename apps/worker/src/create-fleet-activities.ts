import { createActivities, loadJson, sha256, storeJson, type ActivityDeps } from '@jokbo/activities';
import {
  canonicalJson,
  type EvidenceReference,
  type FailedPart,
  type FleetActivities,
} from '@jokbo/contracts';
import type { PartStore } from '@jokbo/fingerprint';
import { countProgress, type CountedProgress, type StageCount } from './count-progress.js';

/** Comparisons of a plan per page: about 30 KB. */
const COMPARISONS_PER_PAGE = 200;

/** The stages as a fleet runs them: those of the local driver, with pages in storage for what grows with a programme. */
export function createFleetActivities(deps: ActivityDeps): FleetActivities {
  const { parts } = deps;
  const stages = createActivities(deps);

  return {
    async plan(request) {
      const { comparisons, ...plan } = await stages.plan(request);
      const pages: string[] = [];
      for (let from = 0; from < comparisons.length; from += COMPARISONS_PER_PAGE) {
        pages.push(await storePage(parts, comparisons.slice(from, from + COMPARISONS_PER_PAGE)));
      }
      return { ...plan, pages };
    },

    storePage: (items) => storePage(parts, items),
    readPage: (page) => loadPage(parts, page),

    async shards(plan, model) {
      const progress = countProgress(deps.progress);
      const groups = await createActivities({ ...deps, progress }).shards(plan, model);
      return { groups, parts: readingOf(progress).expected };
    },

    async readShards(plan, group) {
      const progress = countProgress(deps.progress);
      await createActivities({ ...deps, progress }).readShards(plan, group);
      const { done, read } = readingOf(progress);
      return { parts: done, read };
    },

    async fingerprint(plan, model) {
      const progress = countProgress(deps.progress);
      const reference = await createActivities({ ...deps, progress }).fingerprint(plan, model);
      const { done, read } = readingOf(progress);
      return { ...reference, parts: done, read };
    },

    async compare(plan, comparison, fingerprints) {
      const made = await stages.compare(plan, comparison, fingerprints);
      const { evidence, needsFull, needsDisguise, numericClass } = made;
      const inClass = numericClass === undefined ? {} : { numericClass };
      return { evidence, needsFull, needsDisguise, ...inClass };
    },

    split: (plan, comparison, fingerprints) => stages.split(plan, comparison, fingerprints),
    join: (comparison, shares, fingerprints) => stages.join(comparison, shares, fingerprints),
    trajectory: (plan, subject, fingerprints) => stages.trajectory(plan, subject, fingerprints),

    async decide(plan, fingerprints, pages, training, failurePages = []) {
      const evidence = await loadPages<EvidenceReference>(parts, pages);
      const failures = await loadPages<FailedPart>(parts, failurePages);
      return stages.decide(plan, fingerprints, evidence, training, failures);
    },

    publish: (result) => stages.publish(result),
  };
}

/** Parts of models that one activity expected, and read. */
function readingOf(progress: CountedProgress): Omit<StageCount, 'stage'> {
  const count = progress.counts().find(({ stage }) => stage === 'fingerprint');
  return count ?? { expected: 0, done: 0, read: 0 };
}

/** Stores a page under its own digest: a repeated call changes nothing. */
async function storePage(parts: PartStore, items: readonly unknown[]): Promise<string> {
  const key = sha256(`fleet page ${canonicalJson(items)}`);
  await storeJson(parts, key, items);
  return key;
}

async function loadPages<T>(parts: PartStore, pages: readonly string[]): Promise<readonly T[]> {
  const items: T[] = [];
  for (const page of pages) items.push(...(await loadPage<T>(parts, page)));
  return items;
}

/** @throws RangeError where the store lacks it: pages are stored before anything refers to them. */
async function loadPage<T>(parts: PartStore, page: string): Promise<readonly T[]> {
  const items = await loadJson<readonly T[]>(parts, page);
  if (items === null) throw new RangeError(`no page ${page}`);
  return items;
}
