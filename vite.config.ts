import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { joinedChunks } from './.config/joined-chunks.ts';

// `npm run dev` says where the Baton server listens; the default serves a Vite started by hand.
const serverOrigin = process.env.BATON_DEV_SERVER ?? 'http://127.0.0.1:3000';

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [sveltekit()],
  build: {
    rolldownOptions: {
      // Compiling Svelte is what a build spends its time on; that is no news worth a warning.
      checks: { pluginTimings: false },
      output: isSsrBuild ? {} : { codeSplitting: { groups: joinedChunks() } },
    },
  },
  server: {
    // The browser talks to one origin, as in production; Vite passes on what is not its own.
    proxy: {
      '/api': serverOrigin,
      '/healthz': serverOrigin,
      '/sync': { target: serverOrigin, ws: true },
    },
  },
}));
