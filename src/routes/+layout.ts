/** A local-first app: its data is in the browser, so there is nothing to render on a server or ahead of time. */
export const ssr = false;
export const prerender = false;
