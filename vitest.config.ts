import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['static/app/**/*.test.{ts,tsx}'],
    environment: 'happy-dom',
    setupFiles: ['fake-indexeddb/auto'],
    restoreMocks: true,
    reporters: ['default'],
    // Two cores are the smallest machine that this has to be quick on.
    maxWorkers: 2,
    // Others may work on it too; a test that hangs is found all the same.
    testTimeout: 30_000,
    env: { TZ: 'Asia/Shanghai' },
  },
});
