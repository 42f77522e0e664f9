/**
 * Phrases that results hold in English, with their Korean: controls, nulls, alignments, types of a common origin, places
 * and values of training findings, notes on files. `{n}` and `{m}` stand for numbers, `{list}` and `{from}` for numbers
 * of layers or experts, `{id}` and `{more}` for names, `{component}`, `{components}` and `{statistic}` for what they say.
 * Of two phrases that fit a text the first is taken.
 */
export const PHRASES = {
  // Controls: what they must give, what serves, and why they say less.
  '|z_λ| ≥ {n} and r ≥ {m}': '|z_λ| ≥ {n} 그리고 r ≥ {m}',
  'int8 of the subject': '공개 모델의 int8 사본',
  '{n} scrambles of the reference': '기준 모델을 {n}번 섞은 것',
  'the reference, units permuted by a fixed seed': '고정된 시드로 유닛 순서를 섞은 기준 모델',
  'the subject itself': '공개 모델 자신',
  'due, but not measured': '필요하지만 측정되지 않음',
  'due, but sampled differently': '필요하지만 표본이 다름',
  'scrambled only: no documented-independent model of this width has this component':
    '섞은 것만 있음: 이 폭에서 이 구성 요소를 가진, 독립성이 문서로 확인된 모델이 없음',
  'not due: the shapes do not allow a decision': '필요하지 않음: 텐서 모양으로는 판정할 수 없음',
  'not due: the component has no varying tensor on the residual axis':
    '필요하지 않음: 잔차 축에서 값이 변하는 텐서가 이 구성 요소에 없음',
  'independent control at the same depths': '같은 깊이의 독립 대조',

  // What is permuted under a null.
  'none needed: equal bytes of trained tensors': '필요 없음: 학습된 텐서의 같은 바이트',
  'none needed: equal rows of trained values': '필요 없음: 학습된 값의 같은 행',
  'positions of the values, tensor by tensor': '텐서마다 값의 위치',
  'residual dimensions, head by head': '헤드마다 잔차 차원',
  'residual dimensions ({n})': '잔차 차원 ({n})',
  'residual dimensions': '잔차 차원',
  'leading directions removed': '주방향 제거',
  'rows and columns of the residual Grams': '잔차 그람의 행과 열',
  'rows and columns of the residual Grams ({n})': '잔차 그람의 행과 열 ({n})',
  'value channels of every KV group': 'KV 그룹마다 밸류 채널',
  'hidden units of every block': '블록마다 은닉 유닛',
  'hidden units of every dense block': '밀집 블록마다 은닉 유닛',
  'hidden units of every expert': '전문가마다 은닉 유닛',
  'experts matched by routers': '라우터로 짝지은 전문가',
  'hidden units of the second block of each pair': '쌍마다 둘째 블록의 은닉 유닛',
  'agreement of matchings needs a control at the same depths': '짝짓기의 일치는 같은 깊이의 대조가 필요함',
  'experts of every routing group': '라우팅 그룹마다 전문가',
  'ranks over residual dimensions ({n})': '잔차 차원의 순위 ({n})',
  'ranks over residual dimensions': '잔차 차원의 순위',
  'none: about 0.97 or more for any two models': '없음: 어느 두 모델이든 약 0.97 이상',
  'none: read only where the component rejects': '없음: 기각된 구성 요소에서만 읽음',
  'none: not measured': '없음: 측정되지 않음',
  'alignment learned, so held against control pairs': '정렬을 학습했으므로 대조 쌍과 비교',
  'directions of the common basis': '공통 기저의 방향',
  none: '없음',

  // Alignments, and orders of layers and experts.
  identity: '제자리',
  permutation: '순열',
  'permutation with signs': '부호 있는 순열',
  'identity with signs': '부호만 바뀐 제자리',
  rotation: '회전',
  'width pruning': '폭 가지치기',
  'width pruning with signs': '부호 있는 폭 가지치기',
  'hidden width pruning': '은닉 폭 가지치기',
  'hidden units permuted': '은닉 유닛 순열',
  'heads permuted': '헤드 순열',
  'experts permuted': '전문가 순열',
  'expert j from j mod {n}': 'j번 전문가 ← j mod {n}',
  'experts of layer {n} × {m}': '{n}층 × {m}층의 전문가',
  'layer {n} {id} from {list}': '{n}층 {id} ← {list}',
  'offset:{n}': '{n}층 이동',
  '{list} from {from}': '{list} ← {from}',
  'duplicated {list}': '중복 {list}',
  'dropped {list}': '빠짐 {list}',
  'inserted {list}': '끼워 넣음 {list}',
  're-ordered {list}': '순서 바뀜 {list}',
  aligned: '정렬됨',
  context: '참고',
  family: '핑거프린트 계열',

  // Types of a common origin.
  'shared initialisation': '공통 초기화',
  'induced by another component, or small effect': '다른 구성 요소에서 비롯됨, 또는 작은 효과',
  'induced by {components}': '다른 구성 요소에서 비롯됨: {components}',
  'fingerprint families agree': '핑거프린트 계열이 일치함',
  unresolved: '원인 미확인',

  // Places and values of training findings.
  'as at step {n}': '스텝 {n}과(와) 같음',
  'step {n} to {m}': '스텝 {n}~{m}',
  'step {n}': '스텝 {n}',
  'step {n} ({id}), {more}': '스텝 {n} ({id}), {more}',
  'step {n} ({id})': '스텝 {n} ({id})',
  '{component} {statistic}, {id}, step {n}': '{component} {statistic}, {id}, 스텝 {n}',
  '{component}, step {n} to {m}': '{component}, 스텝 {n}~{m}',
  '{id}, step {n} to {m}': '{id}, 스텝 {n}~{m}',
  '{id}, step {n}': '{id}, 스텝 {n}',
  'evaluation at step 0': '스텝 0의 평가',
  'first row': '첫 행',
  'row {n}': '{n}행',
  'byte {n}': '{n}바이트 위치',
  'all of σ {n}': 'σ {n}인 모든 텐서',
  '{id}: {n} in the history, {m} in the offline file': '{id}: 내보낸 기록 {n}, 오프라인 파일 {m}',

  // Notes on files.
  'unlisted-architecture: model_type {id} is mapped by names and shapes':
    '목록에 없는 구조: model_type {id}, 이름과 모양으로 대응시킴',
  'tied-head-stored: the config ties head and embedding, yet a head is stored; it is left out':
    '묶인 헤드가 저장됨: config는 헤드와 임베딩을 묶는데 헤드가 저장되어 있어 제외함',
  'embedding-absent: no token embedding is stored': '임베딩 없음: 토큰 임베딩이 저장되어 있지 않음',
  'scale-without-weight: {id} belongs to a weight that is not stored':
    '가중치 없는 스케일: {id}에 해당하는 가중치가 저장되어 있지 않음',
  'fp8-without-scales: {n} tensors, first {id}; read as plain values':
    '스케일 없는 FP8: 텐서 {n}개, 첫 번째 {id}, 값 그대로 읽음',
  'dtype-differs: the config says {id}, most parameters are {more}':
    '자료형 불일치: config에는 {id}, 매개변수는 대부분 {more}',
  'quantisation-absent: the config says {id}, no weight has scales':
    '양자화 없음: config에는 {id}, 스케일이 있는 가중치가 없음',
  'surplus-shard: the index does not name {n} of the shard files ({id}); they are not audited':
    '남는 샤드: 색인에 없는 샤드 파일 {n}개({id})는 감사하지 않음',
  'surplus-shard: {id} is not part of the checkpoint; it is not audited':
    '남는 샤드: {id}은(는) 체크포인트의 일부가 아니므로 감사하지 않음',
  'total-size: the index claims {n} bytes, its shards hold {m}':
    '전체 크기 불일치: 색인에는 {n}바이트, 샤드는 {m}바이트',
  'mtp-absent: the config declares {n} layers of multi-token prediction, none is stored':
    '다중 토큰 예측 없음: config에는 {n}층, 저장된 층은 없음',
  'config-differs: {id} is {n} in the config, {m} in the weights':
    'config 불일치: {id}, config에는 {n}, 가중치에는 {m}',
  'shape-contradicts-role: {id} has no side of {n} where {more} has it':
    '모양이 역할과 다름: {id}, {more}에 있는 크기 {n}인 변이 없음',
  'sinusoidal-positions: sines and cosines are added to the {id} stream; beside another such model its hidden units are tested in place of residual dimensions':
    '사인·코사인 위치: {id} 흐름에 더해지므로, 같은 방식의 다른 모델과는 잔차 차원 대신 은닉 유닛으로 검정함',
  'tokenizer-absent: no tokenizer is stored': '토크나이저 없음: 저장된 토크나이저가 없음',
  'tokenizer-not-read: the format of {id} is not read': '읽지 않은 토크나이저: {id}의 형식은 읽지 않음',
} as const;
