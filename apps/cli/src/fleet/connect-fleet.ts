import { FLEET_NAMESPACE, FleetUnavailable } from '@jokbo/contracts';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** A server that does not answer so soon is not there. */
const CONNECT_TIMEOUT = '10 seconds';

const DEFAULT_ADDRESS = 'localhost:7233';

/**
 * Lends a client of the fleet that the TEMPORAL_* variables name.
 *
 * @throws FleetUnavailable where no server answers.
 */
export async function withFleet<T>(use: (client: Client) => Promise<T>): Promise<T> {
  const { connectionOptions, namespace = FLEET_NAMESPACE } = loadClientConnectConfig();
  const connection = await connect(connectionOptions);
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}

async function connect(options: ReturnType<typeof loadClientConnectConfig>['connectionOptions']) {
  const { address = DEFAULT_ADDRESS, apiKey, tls, metadata } = options;
  try {
    return await Connection.connect({
      address,
      connectTimeout: CONNECT_TIMEOUT,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(tls === undefined ? {} : { tls }),
      ...(metadata === undefined ? {} : { metadata }),
    });
  } catch (cause) {
    throw new FleetUnavailable('no Temporal server answers: start one, or set TEMPORAL_ADDRESS', {
      object: address,
      cause,
    });
  }
}
