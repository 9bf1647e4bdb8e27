import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Manifest, Plugin } from 'vite';

const ENTRY = 'static/app/main.tsx';
const SHELL = '/app';

/** Puts in place of `self.__WB_MANIFEST` what the field app needs to start without a network. */
export function precache(dist: string): Plugin {
  return {
    name: 'qiaomen-precache',
    config: () => ({ define: { 'self.__WB_MANIFEST': JSON.stringify(entries(dist)) } }),
  };
}

function entries(dist: string): { url: string; revision: string | null }[] {
  const manifest = JSON.parse(readFileSync(`${dist}/manifest.json`, 'utf8')) as Manifest;
  // Hashed names never change their content: no revision needed.
  const built = [...filesOf(manifest, ENTRY)].map((file) => ({
    url: `/static/${file}`,
    revision: null,
  }));
  const copied = filesUnder('static/public').map((file) => ({
    url: `/static/${file}`,
    revision: hash([readFileSync(`static/public/${file}`)]),
  }));
  // The shell page and what it names: a hash of both, since a timestamp would make every build new.
  // Its policy names the map tiles' server: what the installation chose is put in as it is served.
  const templates = filesUnder('templates/pwa').map((file) =>
    readFileSync(`templates/pwa/${file}`),
  );
  const revision = `${hash([JSON.stringify([built, copied]), ...templates])}-@tiles@`;
  const shell = { url: SHELL, revision };
  return [shell, ...built, ...copied];
}

/** All files that an entry can ever load; the coordinator pages' stay out. */
function filesOf(manifest: Manifest, key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key];
  if (!chunk || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) {
    filesOf(manifest, next, seen);
  }
  return seen;
}

function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .sort();
}

function hash(parts: (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('hex').slice(0, 16);
}
