import { FLEET_DEPLOYMENT, UsageError } from '@jokbo/contracts';
import { isGrpcServiceError, type Client } from '@temporalio/client';

/**
 * Audits that start from now on run on workers of one build; those that run end on theirs.
 *
 * @throws UsageError where the fleet has no such build.
 */
export async function useBuild(client: Client, build: string): Promise<void> {
  try {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName: FLEET_DEPLOYMENT,
      buildId: build,
    });
  } catch (cause) {
    if (!isGrpcServiceError(cause)) throw cause;
    throw new UsageError(`no worker has told of this build, or it serves too few queues: ${cause.details}`, {
      value: build,
      cause,
    });
  }
}
