import type { StripStop } from '#lib/state/board-strip.ts';

/** What stands on one stop of the baton strip. */
export function stopWords(stop: StripStop): string {
  switch (stop.kind) {
    case 'team':
      return nameOr(stop.name);
    case 'oneOf': {
      const [first = null, ...others] = stop.names;
      if (others.length <= 1) return stop.names.map(nameOr).join(' or ');
      return `${nameOr(first)} or ${others.length} others`;
    }
    case 'step':
      return stop.step === null ? nameOr(stop.team) : `${nameOr(stop.team)}: ${stop.step}`;
    case 'end':
      return stop.how === 'completed' ? 'Done' : 'Cancelled';
  }
}

function nameOr(name: string | null): string {
  return name ?? 'another team';
}
