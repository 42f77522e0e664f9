import { compareComponents, createThreadedComparer, openParts } from '@jokbo/activities';
import { loadDocument } from '@jokbo/fingerprint';

/**
 * Compares two fingerprints that are stored in the work folder argv[2] on argv[5] threads, as `jokbo compare` does: the
 * one with id argv[3] against argv[4], with tier 3 where argv[6] is `disguises`. Prints seconds, processor seconds and
 * peak memory. Run as a process.
 */
const [, , work = '', subject = '', reference = '', threads = '2', tiers] = process.argv;

const parts = openParts(work, () => undefined);
const comparer = createThreadedComparer(work, Number(threads));
try {
  const document = await loadDocument(parts, subject);
  if (document === null) throw new RangeError(`no fingerprint ${subject}`);
  const start = performance.now();
  const before = process.cpuUsage();
  const pair = { subject, reference };
  const [evidence] = await Promise.all([
    compareComponents(comparer, parts, { kind: 'audit', ...pair }, document),
    ...(tiers === 'disguises' ? [comparer.compare({ kind: 'disguise', ...pair }, undefined, Infinity)] : []),
  ]);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  console.log(
    JSON.stringify({
      seconds,
      processorSeconds: (user + system) / 1e6,
      peakRssBytes: process.resourceUsage().maxRSS * 1024,
      maps: evidence.maps.length,
      z: Object.fromEntries<number | null>(
        evidence.records.map(({ component, method, z }) => [`${component} ${method}`, z] as const),
      ),
    }),
  );
} finally {
  await comparer.close();
  await parts.close();
}
