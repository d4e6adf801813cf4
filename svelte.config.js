import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import adapter from '@sveltejs/adapter-static';

// SvelteKit counts in the hashes of its own scripts only; the one in the page itself must come before the first paint.
const page = readFileSync(new URL('./src/app.html', import.meta.url), 'utf8');
const [, inlineScript = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
const inlineHash = createHash('sha256').update(inlineScript).digest('base64');

/** @type {import('@sveltejs/kit').Config} */
export default {
  vitePlugin: {
    // Runes everywhere in our own files; a component from a package decides for itself.
    dynamicCompileOptions: ({ filename }) =>
      filename.includes('node_modules') ? undefined : { runes: true },
  },
  kit: {
    // No page is rendered ahead of time: every address answers with this one page, which the service
    // worker keeps, and the browser's own data fills it.
    adapter: adapter({ fallback: '200.html' }),
    csp: {
      // The page is a file, so it can't carry a nonce. A meta tag can't carry frame-ancestors either:
      // the server sends that one as a header.
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self', `sha256-${inlineHash}`],
        // Drag previews and list positions are set as style attributes.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:'],
        // Not every browser counts a socket to the page's own host as 'self'.
        'connect-src': ['self', 'ws:', 'wss:'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
      },
    },
    // The page itself says when: see `AppUpdate`.
    serviceWorker: { register: false },
    typescript: {
      // What SvelteKit generates knows src, tests and vite.config.ts; these are the other TypeScript files.
      config: (config) => {
        config.include.push('../server/**/*.ts', '../migrations/**/*.ts', '../.config/**/*.ts');
      },
    },
  },
};
