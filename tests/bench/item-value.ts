import { randomUUID } from 'node:crypto';
import type { Facts } from '../../src/lib/workflow/definition.ts';
import { markOf, type CommandId, type CommandMark } from '../../src/lib/workflow/ids.ts';
import { LAST_COMMANDS_MAX } from '../../src/lib/workflow/state.ts';

/** Facts as an item of the customer-onboarding template has them halfway through its life: some 400 bytes. */
export function ordinaryFacts(number: number, moreText = 0): Facts {
  return {
    title: `Customer ${number} of the bench`,
    companyName: `Company ${number} Ltd, Registered Office`,
    product: 'Business',
    contractValue: 12_000 + number,
    specialTerms: `Payment within 30 days, discount agreed in round ${number}.${'x'.repeat(moreText)}`,
    personalData: 'Our standard agreement',
    draftContract: `https://contracts.example.com/drafts/${number}`,
  };
}

/** What an item in use says of the last commands that touched it: as many as it keeps. */
export function lastCommands(): CommandMark[] {
  return Array.from({ length: LAST_COMMANDS_MAX }, () => markOf(randomUUID() as string as CommandId));
}
