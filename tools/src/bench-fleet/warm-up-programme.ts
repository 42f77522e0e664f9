/**
 * Models of the zoo that its own programme leaves out, against each other, one pair over all elements; to lie beside that
 * programme. Its audit starts threads and compiles whatever that of the zoo runs, and makes nothing that it would find.
 */
export const WARM_UP = `version: 1
name: Warm-up
language: en
subjects:
  - { id: slerp, team: A, release: Slerp, source: ./variants/glm-intellect-slerp }
  - { id: int8, team: B, release: Int8, source: ./variants/glm-air-mini-int8-dequant }
  - { id: reshard, team: C, release: Reshard, source: ./variants/glm-air-mini-reshard }
references:
  - { id: slerp-base, name: Slerp, source: ./variants/glm-intellect-slerp }
  - { id: int8-base, name: Int8, source: ./variants/glm-air-mini-int8-dequant }
controls: { negative: [] }
full: [{ subject: slerp, reference: int8-base }]
rules: { id: jokbo-1-tier1, require_tier3: false }
`;
