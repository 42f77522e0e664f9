import { POSITIVE_VERDICTS, type Calibration, type LeaderboardRow } from '@jokbo/contracts';
import { alignmentSentences } from './alignment-findings.js';
import { cellVerdict, excludedR, type DocumentLookup } from './document-lookup.js';
import { releaseFailures } from './failures.js';
import type { Language, Translate } from './messages.js';
import { nearestText } from './nearest-references.js';
import { formatBytes, formatCount, formatLog10P, formatR, formatShare, formatZ } from './numbers.js';
import { selfTestSentences } from './self-test-findings.js';
import { tellPhrase } from './words/result-words.js';

/** The sentences on one release: what was measured, in words that claim no more than that. */
export interface ReleaseFindings {
  readonly headline: string;
  readonly sentences: readonly string[];
}

function linkedSentences(
  lookup: DocumentLookup,
  row: LeaderboardRow,
  t: Translate,
  tell: (text: string) => string,
  name: (text: string) => string,
) {
  const sentences: string[] = [];
  const shown = (figure: string | null) => figure ?? t('not_measured');
  for (const item of row.components) {
    if (!POSITIVE_VERDICTS.includes(item.verdict)) continue;
    const component = t(`component_${item.component}`);
    const verdict = t(`verdict_${item.verdict}`);
    const reference = item.nearest === null ? t('none') : name(lookup.nameOf(item.nearest));
    const found = cellVerdict(lookup, row, item.component, item.nearest);
    if (found === undefined) {
      sentences.push(t('finding_linked_short', { component, verdict, reference }));
      continue;
    }
    sentences.push(
      t('finding_linked', {
        component,
        verdict,
        reference,
        statistic: found.statistic === null ? t('none') : tell(found.statistic),
        z: shown(formatZ(found.z)),
        log10_p: shown(formatLog10P(found.log10_p)),
        r: shown(formatR(found.r)),
        low: shown(formatR(found.r_interval?.[0] ?? null)),
        high: shown(formatR(found.r_interval?.[1] ?? null)),
        n_eff: shown(formatCount(found.n_eff)),
        identical: shown(formatBytes(found.bytes_identical)),
      }) + (found.type === null ? '' : ` ${t('finding_common_origin_type', { type: tell(found.type) })}`),
    );
  }
  return sentences;
}

/** Says what was found for one release in a language, of which `t` writes. `name` makes untrusted text safe for the medium. */
export function releaseFindings(
  lookup: DocumentLookup,
  row: LeaderboardRow,
  t: Translate,
  name: (text: string) => string,
  language: Language,
): ReleaseFindings {
  const tell = (text: string): string => name(tellPhrase(text, language));
  const sentences = linkedSentences(lookup, row, t, tell, name);
  const positive = POSITIVE_VERDICTS.includes(row.outcome);
  if (row.linked_share !== null && row.linked_share > 0) {
    const reference = nearestText(lookup, row, t, name);
    sentences.push(
      t('finding_share', { share: formatShare(row.linked_share) ?? t('not_measured'), reference }),
    );
  }
  sentences.push(
    ...alignmentSentences(lookup, row.subject, t, name, tell),
    ...selfTestSentences(lookup, row.subject, t, tell),
  );
  const of = (verdict: string) => row.components.filter((item) => item.verdict === verdict);
  const list = (verdict: string) =>
    of(verdict)
      .map((item) => t(`component_${item.component}`))
      .join(', ');

  const clean = of('no_link_found');
  if (clean.length > 0) {
    const r_min = clean
      .map((item) =>
        t('finding_r_min', {
          r_min: formatR(excludedR(lookup.document, row.subject, item.component)) ?? t('not_measured'),
          component: t(`component_${item.component}`),
        }),
      )
      .join(', ');
    sentences.push(
      row.outcome === 'no_link_found'
        ? t('finding_clean', { r_min })
        : t('finding_component_clean', { components: list('no_link_found'), r_min }),
    );
  }
  if (of('inconclusive').length > 0)
    sentences.push(t('finding_inconclusive', { components: list('inconclusive') }));
  if (of('invalid').length > 0) sentences.push(t('finding_invalid', { components: list('invalid') }));
  if (of('not_comparable').length > 0) {
    sentences.push(t('finding_not_comparable', { components: list('not_comparable') }));
  }
  sentences.push(...releaseFailures(lookup, row.subject, t, name));
  sentences.push(
    t('finding_comparable', {
      k: row.comparable_references,
      n: row.references,
      passed: row.controls_passed,
      due: row.controls_due,
    }),
  );
  const declared = row.declared ? ` [${t(positive ? 'declared_confirmed' : 'declared_unconfirmed')}]` : '';
  return {
    headline: t('finding_release', {
      release: name(row.release),
      team: name(row.team),
      outcome: t(`verdict_${row.outcome}`) + declared,
    }),
    sentences,
  };
}

/** One calibration: statistic, λ, whether it is calibrated, on how many pairs. */
export function calibrationLine(item: Calibration, t: Translate, language: Language): string {
  return t('calibration_line', {
    statistic: tellPhrase(item.statistic, language),
    lambda: item.lambda.toFixed(2),
    state: t(item.calibrated ? 'calibrated' : 'uncalibrated'),
    pairs: item.pairs,
    width: item.width === null ? '' : t('calibration_width', { width: item.width }),
  });
}

/** Whether the disguise tests were run, and what the rules say of that. */
export function tier3Line(
  rules: { readonly require_tier3: boolean; readonly tier3_run: boolean },
  t: Translate,
): string {
  const state = rules.tier3_run
    ? t('tier3_run')
    : t(rules.require_tier3 ? 'tier3_not_run_required' : 'tier3_not_run_waived');
  return `${t('tier3')}: ${state}.`;
}
