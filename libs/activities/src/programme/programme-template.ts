/** The commented programme file that a new audit starts from. It is valid as it stands. */
export function programmeTemplate(): string {
  return TEMPLATE;
}

const TEMPLATE = `# What an audit compares: releases, references, controls, and the rule set that decides.
version: 1
name: My programme
language: en # language of reports: ko or en

# Named roots. A source is then written root:path. Relative roots start at this file.
storage:
  models: ./models
  # bucket: s3://my-bucket/releases

# Releases under audit. A source is a folder with safetensors shards, config.json and the tokenizer.
subjects:
  - id: my-release
    team: Team A
    release: My Release 100B
    source: models:my-release
    # Ancestry that the team declared: an id of this file, or free text.
    # declared:
    #   - from: my-base
    #     components: [attention] # leave it out when all of the model is meant
    #     note: announced with the release
    #     date: 2026-01-05
    #     author: Research lead of Team A
    # What the team answers to findings: shown beside them, without a bearing on any. It is about all references and the
    # whole model where it names none. jokbo decide takes a new reply into the result without measuring again.
    # replies:
    #   - date: 2026-01-12
    #     author: Research lead of Team A
    #     reference: my-base
    #     component: attention
    #     text: We used the published checkpoint as a starting point for the attention of layers 0 to 3.
    # Checkpoints of the run and training.json, where the team gave them.
    # training: models:my-release-training
    # What criteria of a rule set may ask for.
    # licence: Apache-2.0
    # declarations: { training_data: https://example.org/data }

# Models to compare every release with. Models of one family share a lineage: they are never each other's
# controls. The family is the id when it is left out.
references:
  - id: my-base
    name: My Base 100B
    source: models:my-base
    family: my-base
  - id: my-base-tuned
    name: My Base 100B, tuned
    source: models:my-base-tuned
    family: my-base
  - id: my-unrelated
    name: My Unrelated 100B
    source: models:my-unrelated

# References whose relation is known. No verdict stands without them.
controls:
  # Documented independent of every other family.
  negative: [my-unrelated]
  # Known derivations: an audit that misses one can see nothing.
  positive:
    - { derivative: my-base-tuned, base: my-base }
  # Independent references that learned the same data or share a tokenizer.
  # alike:
  #   - [my-base, my-unrelated]

# Joined features that a comparison samples. More cost time and find weaker links.
# budget:
#   features: 32768

# Pairs that are measured over all elements of both models.
# full:
#   - { subject: my-release, reference: my-base }

# What a fleet does by itself once \`jokbo watch\` was run (docs/fleet.md).
# watch:
#   again: 7d # audits all that is known
#   prefixes: # audits each new folder below these
#     - { prefix: bucket:team-a, team: Team A }

# What decides: a rule set that comes with Jokbo (jokbo-1-tier1, round-1), or a .yaml file below this one
# (docs/rule-sets.md). The tests against disguise (tier 3) must have run before a component is called clean. Reports say
# so where this is waived.
rules:
  id: jokbo-1-tier1
  require_tier3: true
`;
