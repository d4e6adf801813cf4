import type { Role } from '#lib/workflow/state.ts';

/** One of the simulated people. Their habits differ, as people's do: that is what a board has to cope with. */
export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  /** As the template of the board names it. */
  readonly team: string;
  readonly role: Role;
  /** How long they leave an offer lying before they look at it, in milliseconds. */
  readonly patienceMs: number;
  /** In so many of a hundred handoffs they forget something. */
  readonly forgets: number;
}

/** Signing in as any of them: the data is thrown away at the end, and nobody but this machine can reach it. */
export const DEMO_PASSWORD = 'pass the baton';

function person(name: string, team: string, role: Role, habits: [patienceS: number, forgets: number]) {
  const [patienceS, forgets] = habits;
  const email = `${name.toLowerCase()}@example.com`;
  return { name, email, team, role, patienceMs: patienceS * 1_000, forgets } satisfies DemoPerson;
}

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  person('Alice', 'Sales', 'member', [10, 30]),
  person('Amy', 'Sales', 'lead', [25, 5]),
  person('Bob', 'Legal', 'member', [50, 10]),
  person('Ben', 'Legal', 'lead', [120, 5]),
  person('Carol', 'Provisioning', 'member', [15, 10]),
  person('Cleo', 'Provisioning', 'lead', [40, 0]),
  person('Dave', 'Support', 'member', [20, 20]),
  person('Dora', 'Support', 'lead', [60, 5]),
];
