import type { Activities, BatchActivities, PlannedComparison } from '@jokbo/contracts';
import { comparisonName, lastingCause, modelName } from '@jokbo/pipeline';

/** Arguments and outcome of one activity. */
type Given<Name extends keyof Told> = Parameters<Told[Name]>;
type Made<Name extends keyof Told> = Awaited<ReturnType<Told[Name]>>;

type Told = BatchActivities & Pick<Activities, 'shards' | 'readShards' | 'fingerprint'>;

/**
 * Activities that tell of each model and comparison that fails for good when it does, once each; they fail all the same.
 *
 * @param tell is told which part failed and why.
 */
export function tellFailures<Own extends Told>(activities: Own, tell: (text: string) => void): Own {
  const told = new Set<string>();
  const telling =
    <Args extends readonly unknown[], R>(
      work: (...args: Args) => Promise<R>,
      partOf: (...args: Args) => string,
    ) =>
    async (...args: Args): Promise<R> => {
      try {
        return await work(...args);
      } catch (error) {
        const cause = lastingCause(error);
        const name = partOf(...args);
        if (cause !== null && !told.has(name)) tell(`failed: ${name}: ${cause.code}: ${cause.message}`);
        if (cause !== null) told.add(name);
        throw error;
      }
    };
  const nameOf = ({ kind, subject, reference, mode }: PlannedComparison): string =>
    comparisonName({ kind, subject, reference, mode });
  return {
    ...activities,
    shards: telling<Given<'shards'>, Made<'shards'>>(
      (...args) => activities.shards(...args),
      (_plan, model) => modelName(model),
    ),
    readShards: telling<Given<'readShards'>, Made<'readShards'>>(
      (...args) => activities.readShards(...args),
      (_plan, { model }) => modelName({ id: model }),
    ),
    fingerprint: telling<Given<'fingerprint'>, Made<'fingerprint'>>(
      (...args) => activities.fingerprint(...args),
      (_plan, model) => modelName(model),
    ),
    compare: telling<Given<'compare'>, Made<'compare'>>(
      (...args) => activities.compare(...args),
      (_plan, comparison) => nameOf(comparison),
    ),
    split: telling<Given<'split'>, Made<'split'>>(
      (...args) => activities.split(...args),
      (_plan, comparison) => nameOf(comparison),
    ),
    join: telling<Given<'join'>, Made<'join'>>((...args) => activities.join(...args), nameOf),
  };
}
