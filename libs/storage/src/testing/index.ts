export { startS3Server, type S3Server, type S3ServerOptions } from './s3-server.js';
export type { Fault, Injection } from './fault.js';
export type { S3Credentials } from './signature.js';
export type { S3Request } from './s3-request.js';
export {
  startHubServer,
  type HubFault,
  type HubFiles,
  type HubServer,
  type HubServerOptions,
} from './hub-server.js';
