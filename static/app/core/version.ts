/** Which build this is, for the "me" screen: the hash in the name of the file it runs from. */
export const VERSION: string =
  /-([\w-]{6,})\.js$/.exec(new URL(import.meta.url).pathname)?.[1] ?? 'dev';
