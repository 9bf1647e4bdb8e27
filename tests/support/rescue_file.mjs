// The app's own code for rescue files, run by Node: takes {body, community, device, publicKey, key}
// on standard input and prints the file.
import { readFileSync } from 'node:fs';
import { build } from 'vite';

const output = await build({
  configFile: false,
  logLevel: 'silent',
  build: { ssr: 'static/app/sync/rescue.ts', write: false, target: 'node20' },
  ssr: { noExternal: true },
});
const { code } = output.output.find((chunk) => chunk.isEntry);
const source = Buffer.from(code).toString('base64');
const { rescueFile } = await import(`data:text/javascript;base64,${source}`);

const { body, key, ...sealing } = JSON.parse(readFileSync(0, 'utf8'));
if (key) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const bytes = Buffer.from(key, 'base64');
  sealing.key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
}
process.stdout.write(await rescueFile(body, sealing));
