/**
 * An e-mail address as it is stored and compared. Strictly the part before the @ may depend on case; in practice it never
 * does, and people type it either way.
 */
export function normalEmail(email: string): string {
  return email.trim().toLowerCase();
}
