import adapter from '@sveltejs/adapter-static';

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
        'script-src': ['self'],
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
    typescript: {
      // What SvelteKit generates knows src, tests and vite.config.ts; these are the other TypeScript files.
      config: (config) => {
        config.include.push('../server/**/*.ts', '../migrations/**/*.ts', '../.config/**/*.ts');
      },
    },
  },
};
