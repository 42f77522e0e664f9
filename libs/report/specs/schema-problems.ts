import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Ajv04 from 'ajv-draft-04';

/** What the schema of SARIF 2.1.0 or SPDX 3.0.1 says is wrong with a text; empty where nothing. */
export function schemaProblems(schema: 'sarif' | 'spdx', text: string): string[] {
  const validate = schema === 'sarif' ? sarif() : spdx();
  if (validate(JSON.parse(text))) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message ?? ''}`);
}

function sarif() {
  const ajv = new Ajv04.default({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: isUri, 'uri-reference': true, 'date-time': true },
  });
  return ajv.compile(schemaFile('sarif-2.1.0-rtm.5.json'));
}

function spdx() {
  return new Ajv2020({ strict: false }).compile(schemaFile('spdx-3.0.1.json'));
}

function schemaFile(name: string): object {
  return JSON.parse(readFileSync(new URL(`schemas/${name}`, import.meta.url), 'utf8')) as object;
}

function isUri(text: string): boolean {
  return URL.canParse(text);
}
