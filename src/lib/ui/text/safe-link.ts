const SCHEMES: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
const MAIL = /^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/;

/** Where a link in a text leads; null: nowhere that may be opened, and it stays text. Never a script, never this app. */
export function safeLink(written: string): string | null {
  const text = written.trim();
  const full = /^www\./i.test(text) ? `https://${text}` : MAIL.test(text) ? `mailto:${text}` : text;
  const url = URL.parse(full);
  return url && SCHEMES.has(url.protocol) ? url.href : null;
}
