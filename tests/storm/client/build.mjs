/** `node build.mjs FOLDER`: the app as one script to be evaluated again and again, and its driver. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const outDir = resolve(process.argv[2]);
const common = { configFile: false, root: here, logLevel: 'warn', publicDir: false };
const into = { outDir, emptyOutDir: false, minify: false, target: 'es2022' };

await build({
  ...common,
  build: {
    ...into,
    lib: { entry: 'app.ts', name: 'StormApp', formats: ['iife'], fileName: () => 'app.js' },
  },
});
await build({
  ...common,
  ssr: { noExternal: true },
  build: {
    ...into,
    ssr: 'driver.ts',
    rolldownOptions: { output: { entryFileNames: 'driver.mjs' } },
  },
});
