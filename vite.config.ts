import { defineConfig } from 'vite';
import { precache } from './setup/precache.ts';

/**
 * Two builds: the pages first, then (`--mode worker`) the service worker, which has to know the
 * hashed names that the first one made.
 */
export default defineConfig(({ mode }) => ({
  base: '/static/',
  publicDir: mode === 'worker' ? false : 'static/public',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: mode === 'worker' ? [precache('static/dist')] : [],
  build: {
    outDir: 'static/dist',
    emptyOutDir: mode !== 'worker',
    // Phones of volunteers: UC, QQ and Baidu browsers stand on old Chromiums.
    target: ['chrome90', 'safari15'],
    cssTarget: ['chrome90', 'safari15'],
    manifest: mode === 'worker' ? false : 'manifest.json',
    // The Content-Security-Policy allows no inline code, so nothing is inlined.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions:
      mode === 'worker'
        ? {
            input: 'static/app/sw/sw.ts',
            output: { format: 'iife', entryFileNames: 'sw.js' },
          }
        : { input: ['static/app/main.tsx', 'static/app/desk.ts', 'static/app/resident.ts'] },
  },
}));
