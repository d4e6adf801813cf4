/**
 * The secret behind the `#` of a link, empty if there is none. It never goes to a server by itself, and is taken out of
 * the address at once, so that it does not stay in the history or on a shared screen; a reload of the page finds it
 * where only this tab looks.
 */
export function takeToken(purpose: 'setup' | 'join'): string {
  const key = `baton.${purpose}`;
  const inAddress = location.hash.slice(1);
  try {
    if (inAddress !== '') {
      sessionStorage.setItem(key, inAddress);
      history.replaceState(history.state, '', location.pathname);
    }
    return inAddress || (sessionStorage.getItem(key) ?? '');
  } catch {
    // No storage: the token stays in the address, so that a reload still works.
    return inAddress;
  }
}

/** Once the link has done its work. */
export function dropToken(purpose: 'setup' | 'join'): void {
  try {
    sessionStorage.removeItem(`baton.${purpose}`);
  } catch {
    // It was never kept.
    return;
  }
}
