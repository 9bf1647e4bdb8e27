// The app's own code for boxes that only the server opens, run by Node. Takes on standard input
// {body, community, device, publicKey, key} and prints the rescue file, or {operation, publicKey} and
// prints the sealed operation.
import { readFileSync } from 'node:fs';
import { build } from 'vite';

async function load(path) {
  const output = await build({
    configFile: false,
    logLevel: 'silent',
    build: { ssr: path, write: false, target: 'node20' },
    ssr: { noExternal: true },
  });
  const { code } = output.output.find((chunk) => chunk.isEntry);
  const source = Buffer.from(code).toString('base64');
  return import(`data:text/javascript;base64,${source}`);
}

const { body, operation, key, ...sealing } = JSON.parse(readFileSync(0, 'utf8'));
if (operation) {
  const { sealedText } = await load('static/app/sync/sealing.ts');
  process.stdout.write(await sealedText(operation, sealing.publicKey));
} else {
  const { rescueFile } = await load('static/app/sync/rescue.ts');
  if (key) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const bytes = Buffer.from(key, 'base64');
    sealing.key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['sign']);
  }
  process.stdout.write(await rescueFile(body, sealing));
}
