import type { ExclusionReason } from '@jokbo/contracts';

const EXCLUSIONS: Readonly<Record<ExclusionReason, string>> = {
  'unmapped-name': '이름의 의미를 모름',
  'fused-layout-unknown': '합쳐진 배치를 모름',
  'unsupported-quantisation': '지원하지 않는 양자화',
  'unsupported-dtype': '지원하지 않는 자료형',
  'duplicate-of-main': '본 모델과 중복',
  buffer: '버퍼',
  'architecture-specific': '구조 고유의 텐서',
};

/** Codes that say why something was not measured, compared or scanned, in Korean. */
export const CODE_WORDS = {
  'another-residual-stream': '다른 잔차 흐름',
  'another-sample': '표본이 다름',
  'expert-count-differs': '전문가 수가 다름',
  'feature-count-differs': '특징 수가 다름',
  'head-count-differs': '헤드 수가 다름',
  'head-layout-differs': '헤드 배치가 다름',
  'hidden-width-differs': '은닉 폭이 다름',
  'kv-groups-differ': 'KV 그룹이 다름',
  'linked-by-tier-1': '1단계에서 이미 연결됨',
  'no-common-features': '공통 특징이 없음',
  'no-common-format': '공통 형식이 없음',
  'no-common-roles': '공통 역할이 없음',
  'no-complete-projections': '온전한 투영이 없음',
  'no-counterpart': '대응하는 것이 없음',
  'no-heads': '헤드가 없음',
  'no-matched-blocks': '짝지은 블록이 없음',
  'no-matched-heads': '짝지은 헤드가 없음',
  'no-matched-tensors': '짝지은 텐서가 없음',
  'no-pairs': '쌍이 없음',
  'no-remainder': '나머지가 없음',
  'no-rows-in-common': '공통 행이 없음',
  'not-sampled': '표본에 없음',
  'only-trivial-tensors': '자명한 텐서뿐임',
  'residual-axis-ordered': '잔차 차원에 순서가 있음',
  'residual-width-differs': '잔차 폭이 다름',
  'tier-1-not-measured': '1단계를 측정하지 않음',
  'zero-variance': '분산이 0임',
  ...EXCLUSIONS,
} as const;
