import { DatabaseUnavailable, DigestMismatch, StorageUnavailable } from '@jokbo/contracts';
import { expect, it } from 'vitest';
import { describeOnDatabase } from '../../specs/describe-on-database.js';
import { digestOf, exampleDocument } from '../../specs/example-document.js';
import { exampleFingerprint, readExamples } from '../../specs/example-fingerprint.js';
import { openDatabase } from '../open-database.js';
import type { ReadFingerprint } from './publish-tensors.js';
import { publish } from './publish.js';

const SUBJECT = exampleFingerprint('subject');
const REFERENCE = exampleFingerprint('reference');

describeOnDatabase('tensors of a run', (database) => {
  const { rows } = database;
  const listed = () =>
    rows(
      `select model, tensors_listed::int as n from report_v1.coverage where is_current and failure is null order by model`,
    );

  it('are not listed where nobody gives a fingerprint, and are as soon as somebody does', async () => {
    const document = exampleDocument('late');
    const run = (read?: ReadFingerprint) => database.publish(document, read);
    expect((await run()).withoutTensors).toEqual([REFERENCE.digest, SUBJECT.digest].sort());
    expect(await listed()).toEqual(['base-x', 'base-y', 'team-a'].map((model) => ({ model, n: null })));

    expect(await run(readExamples('reference'))).toMatchObject({
      created: false,
      withoutTensors: [SUBJECT.digest],
    });
    await run(readExamples('subject'));
    expect(await listed()).toEqual(['base-x', 'base-y', 'team-a'].map((model) => ({ model, n: 4 })));
  });

  it('say what each is, and where it is excluded why', async () => {
    expect(
      await rows(`select model_role, position::int, stored_name, tensor_key, scope, component, layer::int, role, expert::int, part, dtype,
        shape::text, parameters::int, bytes::int, sha256 is null as silent, status, reason
        from report_v1.tensors where programme = 'late' and model = 'team-a' order by position`),
    ).toEqual(
      [
        {
          ...{ position: 0, tensor_key: 'text|0|norm.pre_attn|-|weight', component: 'norms', layer: 0 },
          ...{ role: 'norm.pre_attn', expert: null, shape: '{128}', parameters: 128, bytes: 256 },
        },
        {
          ...{ position: 1, tensor_key: 'text|0|moe.expert.up|1|weight', component: 'experts', layer: 0 },
          ...{ role: 'moe.expert.up', expert: 1, shape: '{64,128}', parameters: 8192, bytes: 16384 },
        },
        {
          ...{ position: 2, tensor_key: 'text|-|rotary|-|weight', component: null, layer: null },
          ...{ role: 'rotary', expert: null, shape: '{64}', parameters: 64, bytes: 128 },
        },
        {
          ...{
            position: 3,
            stored_name: '\uFFFD',
            tensor_key: null,
            scope: null,
            component: null,
            layer: null,
          },
          ...{ role: null, expert: null, part: null, dtype: null, shape: null, parameters: 3, bytes: null },
          ...{ silent: true, status: 'excluded', reason: 'buffer' },
        },
      ].map((row) => ({
        ...{ model_role: 'subject', stored_name: `model.${row.role}\uFFFD'"; drop table tensor; --` },
        ...{ scope: 'text', part: 'weight', dtype: 'BF16', silent: false, status: 'mapped', reason: null },
        ...row,
      })),
    );
  });

  it('are matched by their bytes, whatever they are called', async () => {
    expect(
      await rows(`select own.tensor_key, count(*)::int as n from report_v1.tensors own
        join report_v1.tensors origin using (run_id, sha256)
        where own.programme = 'late' and own.model = 'team-a' and origin.model <> own.model group by 1`),
    ).toEqual([{ tensor_key: 'text|0|norm.pre_attn|-|weight', n: 2 }]);
  });

  it('are written once for all runs, also by publishers at the same time', async () => {
    const again = await openDatabase({ url: database.url, directory: '' });
    try {
      const documents = ['x', 'y', 'z'].map((name) => {
        const document = exampleDocument(name);
        const models = document.models.map((model) => ({
          ...model,
          fingerprint: exampleFingerprint('shared').digest,
        }));
        return { ...document, models };
      });
      await Promise.all(
        documents.map((document, index) =>
          publish(index === 0 ? database.db : again.db, document, digestOf(document), readExamples('shared')),
        ),
      );
      expect(
        await rows(
          `select count(*)::int as n from tensor where fingerprint = '${exampleFingerprint('shared').digest}'`,
        ),
      ).toEqual([{ n: 4 }]);
    } finally {
      await again.close();
    }
  });

  it('are those of the fingerprint or none: altered ones are refused, and nothing is published', async () => {
    const document = exampleDocument('altered');
    const models = document.models.map((model) => ({ ...model, fingerprint: 'a'.repeat(64) }));
    const altered = { ...document, models };
    const run = (read: ReadFingerprint) => database.publish(altered, read);
    await expect(run(() => Promise.resolve(SUBJECT.bytes))).rejects.toThrow(DigestMismatch);
    await expect(run(() => Promise.reject(new StorageUnavailable('no answer')))).rejects.toThrow(
      StorageUnavailable,
    );
    await expect(run(() => Promise.reject(new TypeError('odd')))).rejects.toThrow(DatabaseUnavailable);
    expect(await rows(`select count(*)::int as n from run where programme = 'altered'`)).toEqual([{ n: 0 }]);
    expect(await rows('select count(*)::int as n from tensor_list')).toEqual([{ n: 3 }]);
  });
});
