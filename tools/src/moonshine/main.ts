import { fetchMoonshine } from './fetch-moonshine.js';

const { tiny, tinyInt8, base } = await fetchMoonshine(process.argv[2] ?? '.cache/moonshine');
process.stdout.write(`${[tiny, tinyInt8, base].join('\n')}\n`);
