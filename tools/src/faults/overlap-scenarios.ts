import type { Scenario } from './scenario.js';

/** Two looks for releases start at once, as if a schedule had fired twice: the release that both find is audited once. */
export const OVERLAP: Scenario = {
  name: 'two looks for releases at once, one release to find',
  fails: null,
  async run({ fleet, ended }) {
    const end = await ended(await fleet.audit());
    const looks = await fleet.lookTwice();
    const told = looks.flat().map(({ outcome }) => outcome);
    const audits = told.filter((outcome) => outcome === 'audited').length;
    const wrong = audits !== 1 || told.some((outcome) => outcome !== 'audited' && outcome !== 'known');
    const errors = wrong ? [`looks that gave: ${told.join(', ')}`] : [];
    return { faults: 1, errors, end, audits: 2, results: 2 };
  },
};
