import type { TrainingOutcome, TrainingTestName } from '@jokbo/contracts';
import type { Language } from './messages.js';

/** The words of the training section, in every language. */
export interface TrainingWords {
  readonly title: string;
  readonly note: string;
  readonly test: string;
  readonly outcome: string;
  readonly figure: string;
  readonly value: string;
  readonly limit: string;
  readonly at: string;
  readonly reason: string;
  readonly step: string;
  readonly start: string;
  readonly share: string;
  readonly previous: string;
  readonly cosine: string;
  readonly ratio: string;
  readonly references: string;
  readonly path: string;
  readonly findings: string;
  readonly more: string;
  readonly unreadable: string;
  readonly records: string;
  readonly outcomes: Readonly<Record<TrainingOutcome, string>>;
  readonly tests: Readonly<Record<TrainingTestName, string>>;
}

const en: TrainingWords = {
  title: 'Training records',
  note: 'Each test stands for itself; a pass says that the records agree with the weights, not where they come from.',
  test: 'test',
  outcome: 'outcome',
  figure: 'statistic',
  value: 'value',
  limit: 'limit',
  at: 'where',
  reason: 'reason',
  step: 'step',
  start: 'z step 0',
  share: 'share of step 0',
  previous: 'z before',
  cosine: 'cosine before',
  ratio: 'step / bound',
  references: 'largest |z| of references',
  path: 'Path of the checkpoints',
  findings: 'Findings',
  more: 'more',
  unreadable: 'Records that cannot be read',
  records: 'records',
  outcomes: { pass: 'pass', fail: 'FAIL', not_provided: 'not provided' },
  tests: {
    checkpoint_digests: 'checkpoints as committed',
    step0_initialisation: 'step 0 as declared',
    step0_from_seed: 'step 0 from the seed',
    descends_from_step0: 'descent from step 0',
    path_smooth: 'smooth path',
    references_flat: 'references flat',
    log_consistent: 'log against itself',
    log_files_agree: 'log files agree',
    log_against_evaluation: 'log against evaluation',
    compute_plausible: 'compute plausible',
  },
};

const ko: TrainingWords = {
  title: '학습 기록',
  note: '각 검사는 따로 봅니다. 통과는 기록이 가중치와 맞는다는 뜻이며 출처를 말하지 않습니다.',
  test: '검사',
  outcome: '결과',
  figure: '통계량',
  value: '값',
  limit: '한계',
  at: '위치',
  reason: '이유',
  step: '스텝',
  start: '스텝 0과의 z',
  share: '스텝 0의 남은 비율',
  previous: '직전과의 z',
  cosine: '직전과의 코사인',
  ratio: '이동 / 한계',
  references: '기준 모델 최대 |z|',
  path: '체크포인트 경로',
  findings: '발견 사항',
  more: '개 더',
  unreadable: '읽을 수 없는 기록',
  records: '기록',
  outcomes: { pass: '통과', fail: '실패', not_provided: '제출되지 않음' },
  tests: {
    checkpoint_digests: '체크포인트 해시 일치',
    step0_initialisation: '신고된 초기화와 스텝 0',
    step0_from_seed: '시드로 재생성한 스텝 0',
    descends_from_step0: '스텝 0에서 이어짐',
    path_smooth: '매끄러운 경로',
    references_flat: '기준 모델과 무관하게 유지',
    log_consistent: '로그의 내부 일관성',
    log_files_agree: '로그 파일 간 일치',
    log_against_evaluation: '로그와 평가 손실',
    compute_plausible: '연산량의 타당성',
  },
};

export const TRAINING_WORDS: Readonly<Record<Language, TrainingWords>> = { en, ko };
