// The app's own search, run by Node: takes {rows, queries} on standard input and prints, for each
// query, the ids found, best first.
import { text } from 'node:stream/consumers';
import { build } from 'vite';

const output = await build({
  configFile: false,
  logLevel: 'silent',
  build: { ssr: 'static/app/features/playbook/finder.ts', write: false, target: 'node20' },
  ssr: { noExternal: true },
});
const { code } = output.output.find((chunk) => chunk.isEntry);
const source = Buffer.from(code).toString('base64');
globalThis.location = { pathname: '/app', search: '' };
const { indexOf } = await import(`data:text/javascript;base64,${source}`);

const { rows, queries } = JSON.parse(await text(process.stdin));
const words = rows.find((row) => row.kind === 'card_words');
const index = indexOf(rows.filter((row) => row.kind === 'card'), words);
process.stdout.write(JSON.stringify(queries.map((query) => index.search(query).map((hit) => hit.id))));
