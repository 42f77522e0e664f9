import { readdirSync, readFileSync } from 'node:fs';
import { startS3Server, type S3Server } from '@jokbo/storage/testing';
import { afterAll, beforeAll, describe } from 'vitest';
import { ZOO } from '../zoo-models.js';
import { fullDiskCases } from './cases/full-disk-cases.js';
import { accountCases } from './cases/s3-account-cases.js';
import { exchangedModelCase, faultCases, fullBucketCases } from './cases/s3-fault-cases.js';
import { SINGLE } from './model-folder.js';
import { setEnvironment } from './run-jokbo.js';
import { testCases } from './run-case.js';

const CREDENTIALS = { accessKeyId: 'AKTEST', secretAccessKey: 'secret' };

let server: S3Server;
let before: readonly (readonly [string, string | undefined])[] = [];

beforeAll(async () => {
  server = await startS3Server({ credentials: CREDENTIALS, buckets: ['models'] });
  await upload('sound');
  const environment: Readonly<Record<string, string | undefined>> = {
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  before = Object.keys(environment).map((name) => [name, process.env[name]]);
  setEnvironment(Object.entries(environment));
});
afterAll(async () => {
  setEnvironment(before);
  await server.close();
});

async function upload(folder: string): Promise<S3Server> {
  for (const name of readdirSync(`${ZOO}${SINGLE}`)) {
    await server.put(`models/${folder}/${name}`, readFileSync(`${ZOO}${SINGLE}/${name}`));
  }
  return server;
}

describe('a bucket or an account that is wrong ends a run', () => testCases(accountCases()));
describe('a full bucket ends a run', () => testCases(fullBucketCases(upload)));
describe('a full disk ends a run', () => testCases(fullDiskCases()));
// They share one environment and wait for most of their time.
describe('a service that fails ends a run', () =>
  testCases([exchangedModelCase(upload), ...faultCases(upload)], 'here', true));
