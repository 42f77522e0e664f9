import { writeSentence, type CodedSentence, type FigureWriters, type ResultDocument } from '@jokbo/contracts';
import { translator, type Language } from './messages.js';
import { formatCount, formatDetail, formatR, formatShare, formatZ, type Figure } from './numbers.js';
import { trainingCode } from './training-codes.js';
import { TRAINING_WORDS } from './training-words.js';
import { tellPhrase } from './words/result-words.js';

/** What a result tells of one reason or caveat: English text, and key and figures where it was made with them. */
export interface ToldSentence extends Partial<CodedSentence> {
  readonly text: string;
}

/** The caveats of a result. */
export function toldCaveats({ caveats, caveat_messages: messages = [] }: ResultDocument): ToldSentence[] {
  return caveats.map((text, index) => ({ text, ...messages[index] }));
}

/**
 * Writes reasons and caveats of a result in one language, with their figures as reports write figures. What has no key,
 * as in an old result, or one that this version does not know, is shown in its English text.
 *
 * @param nameOf name of a model by its id.
 * @returns text that is not yet safe for any medium.
 */
export function sentenceWriter(
  language: Language,
  nameOf: (id: string) => string = (id) => id,
): (sentence: ToldSentence) => string {
  const t = translator(language);
  const shown = (figure: Figure): string => figure ?? t('not_measured');
  const writers: FigureWriters = {
    z: (value) => shown(formatZ(value)),
    r: (value) => shown(formatR(value)),
    share: (value) => shown(formatShare(value)),
    count: (value) => shown(formatCount(value)),
    limit: (value) => shown(formatDetail(value)),
    name: (value) => (value === null ? t('none') : tellPhrase(value, language)),
    gap: (code) => trainingCode(code, language),
    names: (names) => names.map((item) => tellPhrase(item, language)).join(', '),
    reference: nameOf,
    references: (ids) => ids.map(nameOf).join(', '),
    component: (component) => t(`component_${component}`),
    components: (components) => components.map((component) => t(`component_${component}`)).join(', '),
    verdict: (verdict) => t(`verdict_${verdict}`),
    controls: (controls) =>
      controls
        .map(({ kind, method }) => `${t(`control_${kind}`)} (${tellPhrase(method, language)})`)
        .join(', '),
    test: (test) => TRAINING_WORDS[language].tests[test],
  };
  return ({ text, message, figures }) =>
    message === undefined || figures === undefined
      ? text
      : (writeSentence({ message, figures }, (key) => t(key), writers) ?? text);
}
