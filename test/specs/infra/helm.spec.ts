import { fileURLToPath } from 'node:url';
import { FLEET_DEPLOYMENT, FLEET_QUEUES } from '@jokbo/contracts';
import { findValidator } from '@jokbo/tools/validators';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parsedWorker } from './parsed-worker.js';
import { runProgram } from './run-program.js';

const CHART = fileURLToPath(new URL('../../../infra/helm/jokbo', import.meta.url));

/** Release of Kubernetes whose objects are rendered. */
const KUBERNETES = '1.34.0';

/** Seconds in which a worker ends: see GRACE and FORCE of its run-worker.ts. */
const LONGEST_STOP_S = 40;

interface Container {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly securityContext: object;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom: readonly { readonly secretRef: { readonly name: string } }[];
  readonly resources: object;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly securityContext: object;
        readonly terminationGracePeriodSeconds?: number;
        readonly nodeSelector?: object;
        readonly tolerations?: readonly object[];
      };
    };
    readonly scaleTargetRef?: { readonly name: string };
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
    readonly triggers?: readonly { readonly type: string; readonly metadata: Record<string, string> }[];
  };
}

const programs: { helm: string | null; kubernetes: string | null } = { helm: null, kubernetes: null };

beforeAll(async () => {
  const options = { make: false, say: () => undefined };
  programs.helm = await findValidator('helm', options);
  programs.kubernetes = await findValidator('kubernetes', options);
});

/** Helm, or a skipped test that says why there is none. */
function helmOf(context: TestContext): string {
  return programs.helm ?? context.skip('no Helm: npm run provision makes one');
}

/** The check of manifests, or a skipped test that says why there is none. */
function checkOf(context: TestContext): string {
  return programs.kubernetes ?? context.skip('no check of manifests: npm run provision makes one');
}

async function render(helm: string, ...values: readonly string[]): Promise<string> {
  const sets = values.flatMap((value) => ['--set', value]);
  const args = ['template', 'audit', CHART, '--kube-version', KUBERNETES, ...sets];
  const { status, stdout, stderr } = await runProgram(helm, args);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);

const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

const WITH_GPU = 'pools.gpu.enabled=true';
const FIXED = 'autoscaling.enabled=false';
const DIGEST = `image.digest=sha256:${'a'.repeat(64)}`;

describe('the chart', () => {
  it('is clean to Helm itself', async (context) => {
    const { status, stdout } = await runProgram(helmOf(context), ['lint', '--strict', CHART]);
    expect({ status, stdout }).toMatchObject({ status: 0 });
  });

  it.for([[], [WITH_GPU], [FIXED], [WITH_GPU, DIGEST, 's3.secret=', 's3.endpoint=http://s3:7070']])(
    'renders what Kubernetes knows, with %j',
    async (values, context) => {
      const text = await render(helmOf(context), ...values);
      const { status, stdout, stderr } = await runProgram(checkOf(context), [], { input: text });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const foreign = stdout.split('\n').filter((line) => line !== '');
      expect(new Set(foreign.map((line) => (JSON.parse(line) as Manifest).kind))).toEqual(
        new Set(values.includes(FIXED) ? [] : ['ScaledObject']),
      );
    },
  );

  it('is refused where a key is misspelt', async (context) => {
    const text = (await render(helmOf(context))).replace('containerPort', 'contanerPort');
    const { status, stderr } = await runProgram(checkOf(context), [], { input: text });
    expect(status).toBe(1);
    expect(stderr).toContain('unknown field');
  });

  it.for([
    'work=/tmp/work',
    'image.digest=sha256:short',
    'pools.cpu.threads=0',
    'pools.cpu.thread=2',
    'pools.cpu.wakeQueue=q',
  ])('refuses %s', async (value, context) => {
    const args = ['template', CHART, '--kube-version', KUBERNETES, '--set', value];
    const { status, stderr } = await runProgram(helmOf(context), args);
    expect(status).not.toBe(0);
    expect(stderr).toContain("values don't meet the specifications of the schema");
  });
});

describe('a rendered fleet', () => {
  it('starts workers with arguments that they know', async (context) => {
    const deployments = ofKind(manifestsOf(await render(helmOf(context), WITH_GPU)), 'Deployment');
    const roles = await Promise.all(
      deployments
        .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
        .filter(({ command }) => command[0] === 'jokbo-worker')
        .map(async ({ args }) => (await parsedWorker(args)).role),
    );
    expect(roles.flat().sort()).toEqual(['cpu', 'gpu', 'workflow']);
  });

  it('scales each pool by the queue that its workers poll', async (context) => {
    const manifests = manifestsOf(await render(helmOf(context), WITH_GPU));
    const names = ofKind(manifests, 'Deployment').map(({ metadata }) => metadata.name);
    const scaled = ofKind(manifests, 'ScaledObject');
    expect(scaled).toHaveLength(3);
    for (const { metadata, spec } of scaled) {
      expect(names).toContain(spec.scaleTargetRef?.name);
      const target = manifests.find(
        ({ kind, metadata: { name } }) => kind === 'Deployment' && name === metadata.name,
      );
      expect(target?.spec.replicas, 'whoever scales decides').toBeUndefined();
      const [role] = (await parsedWorker(target?.spec.template?.spec.containers[0]?.args ?? [])).role;
      const trigger = spec.triggers?.[0];
      expect(trigger).toMatchObject({
        type: 'temporal',
        metadata: {
          taskQueue: role === undefined ? '' : FLEET_QUEUES[role],
          queueTypes: role === 'workflow' ? 'workflow' : 'activity',
        },
      });
      // KEDA takes texts alone.
      expect(Object.values(trigger?.metadata ?? {}).every((value) => typeof value === 'string')).toBe(true);
      expect(spec.maxReplicaCount).toBeGreaterThanOrEqual(spec.minReplicaCount ?? 0);
    }
  });

  it('wakes a worker with a GPU while much waits for CPUs, and lets its queue ask for more', async (context) => {
    const scaled = ofKind(manifestsOf(await render(helmOf(context), WITH_GPU, 'build=b2')), 'ScaledObject');
    const [gpu] = scaled.filter(({ metadata }) => metadata.name === 'audit-gpu');
    expect(gpu?.spec.minReplicaCount).toBe(0);
    const [own, wake, ...others] = (gpu?.spec.triggers ?? []).map(({ metadata }) => metadata);
    expect(others).toEqual([]);
    expect(own).toMatchObject({ taskQueue: FLEET_QUEUES.gpu, activationTargetQueueSize: '0' });
    expect(wake).toMatchObject({
      taskQueue: FLEET_QUEUES.cpu,
      activationTargetQueueSize: '64',
      workerDeploymentBuildId: 'b2',
    });
    // Replicas are what waits divided by that: never more than one.
    expect(Number(wake?.['targetQueueSize'])).toBeGreaterThan(1e6);
  });

  it('tells workers where TensorFlow is and traces go, where that is so', async (context) => {
    const endpoint = 'http://collector:4318';
    const values = [WITH_GPU, `tracing.endpoint=${endpoint}`];
    const told = (manifests: readonly Manifest[], variable: string) =>
      ofKind(manifests, 'Deployment').flatMap(({ metadata, spec }) =>
        (spec.template?.spec.containers[0]?.env ?? [])
          .filter(({ name }) => name === variable)
          .map(({ value }) => [metadata.name, value]),
      );
    const manifests = manifestsOf(await render(helmOf(context), ...values));
    expect(told(manifests, 'JOKBO_TENSORFLOW')).toEqual([['audit-gpu', '/opt/tensorflow']]);
    expect(told(manifests, 'OTEL_EXPORTER_OTLP_ENDPOINT').sort()).toEqual([
      ['audit-cpu', endpoint],
      ['audit-gpu', endpoint],
      ['audit-workflow', endpoint],
    ]);
    const untraced = manifestsOf(await render(helmOf(context)));
    expect(told(untraced, 'OTEL_EXPORTER_OTLP_ENDPOINT')).toEqual([]);
  });

  it('has all workers of one build, and counts what waits for that', async (context) => {
    const manifests = manifestsOf(await render(helmOf(context), 'build=b2'));
    const builds = ofKind(manifests, 'Deployment')
      .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
      .filter(({ command }) => command[0] === 'jokbo-worker')
      .map(async ({ args }) => (await parsedWorker(args)).build);
    expect(await Promise.all(builds)).toEqual(['b2', 'b2']);
    const triggers = ofKind(manifests, 'ScaledObject').map(({ spec }) => spec.triggers?.[0]?.metadata);
    expect(triggers).toHaveLength(2);
    for (const metadata of triggers) {
      expect(metadata).toMatchObject({
        workerDeploymentName: FLEET_DEPLOYMENT,
        workerDeploymentBuildId: 'b2',
      });
    }
  });

  it('gives GPU workers nodes with a GPU, and nobody else', async (context) => {
    const deployments = ofKind(manifestsOf(await render(helmOf(context), WITH_GPU)), 'Deployment');
    const onGpu = deployments.filter(({ spec }) => spec.template?.spec.nodeSelector !== undefined);
    expect(onGpu.map(({ metadata }) => metadata.name)).toEqual(['audit-gpu']);
    const [gpu] = onGpu;
    expect(gpu?.spec.template?.spec.tolerations).toHaveLength(1);
    expect(gpu?.spec.template?.spec.containers[0]?.resources).toMatchObject({
      limits: { 'nvidia.com/gpu': 1 },
    });
  });

  it('lets nothing run as root or write to its image', async (context) => {
    const pods = ofKind(manifestsOf(await render(helmOf(context), WITH_GPU)), 'Deployment').map(
      ({ spec }) => spec.template?.spec,
    );
    for (const pod of pods) {
      expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      for (const { securityContext } of pod?.containers ?? []) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
    expect(pods).toHaveLength(4);
  });

  it('lets workers drain before it ends them', async (context) => {
    const deployments = ofKind(manifestsOf(await render(helmOf(context))), 'Deployment');
    const workers = deployments.filter(({ metadata }) => metadata.name !== 'audit-web');
    for (const { spec } of workers) {
      expect(spec.template?.spec.terminationGracePeriodSeconds).toBeGreaterThan(LONGEST_STOP_S);
    }
    expect(workers).toHaveLength(2);
  });

  it('keeps the keys of storage from the site', async (context) => {
    const deployments = ofKind(manifestsOf(await render(helmOf(context))), 'Deployment');
    const [web] = deployments.filter(({ metadata }) => metadata.name === 'audit-web');
    expect(web?.spec.template?.spec.containers[0]?.envFrom).toEqual([
      { secretRef: { name: 'jokbo-database' } },
    ]);
  });

  it('has a worker of each pool where nobody scales', async (context) => {
    const manifests = manifestsOf(await render(helmOf(context), FIXED, WITH_GPU));
    expect(ofKind(manifests, 'ScaledObject')).toEqual([]);
    expect(ofKind(manifests, 'Deployment').map(({ spec }) => spec.replicas ?? 0)).toEqual(
      expect.not.arrayContaining([0]),
    );
  });

  it('runs the image that its digest names', async (context) => {
    const deployments = ofKind(manifestsOf(await render(helmOf(context), DIGEST)), 'Deployment');
    const images = deployments
      .flatMap(({ spec }) => spec.template?.spec.containers ?? [])
      .map(({ image }) => image);
    expect(new Set(images)).toEqual(new Set([`jokbo@sha256:${'a'.repeat(64)}`]));
  });
});
