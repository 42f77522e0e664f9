import {
  createActivities,
  loadBatch,
  loadPage,
  loadPages,
  storePage,
  type ActivityDeps,
} from '@jokbo/activities';
import {
  countProgress,
  type ComparedBatch,
  type CountedProgress,
  type FailedPart,
  type FleetActivities,
  type StageCount,
} from '@jokbo/contracts';

/** The stages as a fleet runs them: those of the local driver, with pages in storage for what grows with a programme. */
export function createFleetActivities(deps: ActivityDeps): FleetActivities {
  const { parts } = deps;
  const stages = createActivities(deps);

  return {
    plan: (request) => stages.plan(request),
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

    async due(plan, step, compared, limits, unread) {
      return stages.due(plan, step, await loadPages<ComparedBatch>(parts, compared), limits, unread);
    },

    readBatch: (batch) => loadBatch(parts, batch),

    async compare(plan, comparison, fingerprints) {
      const made = await stages.compare(plan, comparison, fingerprints);
      const { evidence, needsFull, needsDisguise, numericClass } = made;
      const inClass = numericClass === undefined ? {} : { numericClass };
      return { evidence, needsFull, needsDisguise, ...inClass };
    },

    split: (plan, comparison, fingerprints) => stages.split(plan, comparison, fingerprints),
    join: (comparison, shares, fingerprints) => stages.join(comparison, shares, fingerprints),
    trajectory: (plan, subject, fingerprints) => stages.trajectory(plan, subject, fingerprints),

    async decide(plan, fingerprints, compared, training, failures = []) {
      const batches = await loadPages<ComparedBatch>(parts, compared);
      const failed = await loadPages<FailedPart>(parts, failures);
      return stages.decide(plan, fingerprints, batches, training, failed);
    },

    publish: (result) => stages.publish(result),
  };
}

/** Parts of models that one activity expected, and read. */
function readingOf(progress: CountedProgress): Omit<StageCount, 'stage'> {
  const count = progress.counts().find(({ stage }) => stage === 'fingerprint');
  return count ?? { expected: 0, done: 0, read: 0 };
}
