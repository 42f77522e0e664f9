/** Help on the environment beside what options name, for the end of `jokbo --help`. */
export const ENVIRONMENT_HELP = `
Environment:
  DATABASE_URL                   Postgres for results, instead of one below the work folder
  JOKBO_ANALYST_URL              the same for query and serve, with the password of analyst_ro
  JOKBO_DRAFT_TOKEN              opens unpublished results in serve (32 characters or more); without it there are none
  TEMPORAL_ADDRESS, TEMPORAL_…   the fleet: address, TEMPORAL_NAMESPACE (jokbo), TEMPORAL_API_KEY, TEMPORAL_TLS_…
  NO_COLOR, FORCE_COLOR          no colours; colours also where there is no terminal
  AWS_*                          S3: AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE, AWS_ACCESS_KEY_ID and so on
  HF_ENDPOINT, HF_TOKEN          hub:// sources: the hub when it is not huggingface.co, and who asks
  JOKBO_S3_RETRIES               further attempts of a request to S3 or a hub that failed (5)
  JOKBO_S3_REQUEST_TIMEOUT_MS    longest wait for an answer of either (30000)
  JOKBO_S3_SOCKET_TIMEOUT_MS     longest silence within such an answer (15000)
  JOKBO_S3_CONNECTIONS           connections of a thread to one host at most (50)`;
