/** What is open, kept in the address (`#day=3`, `#run=…`), so that links can be shared and Back works. */
import { type Signal, signal } from '@preact/signals';

export type Place =
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'run'; readonly id: string }
  | null;

export interface Places {
  readonly open: Signal<Place>;
  go(place: Place): void;
}

export function createPlaces(): Places {
  const open = signal(readPlace(location.hash));
  addEventListener('hashchange', () => {
    open.value = readPlace(location.hash);
  });
  return {
    open,
    go: (place) => {
      if (place === null) history.pushState(null, '', `${location.pathname}${location.search}`);
      else location.hash = place.kind === 'day' ? `day=${place.day}` : `run=${place.id}`;
      open.value = place;
    },
  };
}

export function readPlace(hash: string): Place {
  const values = new URLSearchParams(hash.replace(/^#/, ''));
  const [day, id] = [values.get('day'), values.get('run')];
  if (day !== null) return { kind: 'day', day };
  return id === null ? null : { kind: 'run', id };
}
