import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`src/${path}`, import.meta.url));

// Logic runs on the sources; what needs worker threads runs on the build, as a user's program would.
export default defineConfig({
  test: {
    projects: [
      {
        resolve: {
          alias: [
            { find: /^millrace$/, replacement: source('index.ts') },
            { find: /^millrace\/testing$/, replacement: source('testing/index.ts') },
            { find: /^millrace\/onnx$/, replacement: source('backends/onnx/index.ts') },
            { find: /^millrace\/openai$/, replacement: source('backends/openai/index.ts') },
            { find: '#frame-storage', replacement: source('runtime/frames/frame-storage.node.ts') },
            { find: '#schema-libraries', replacement: source('runtime/schema/schema-libraries.node.ts') },
          ],
        },
        test: {
          name: 'logic',
          include: ['test/**/*.test.ts'],
          // Some tests compute a lot, and a busy machine takes its time.
          testTimeout: 60_000,
          exclude: ['test/model/**'],
          typecheck: { enabled: true, include: ['test/types/**/*.test-d.ts'], tsconfig: './tsconfig.json' },
        },
      },
      {
        test: {
          name: 'model',
          include: ['test/model/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
