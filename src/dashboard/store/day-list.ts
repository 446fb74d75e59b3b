/**
 * All days, loaded page by page, the newest first, and shown as soon as they arrive. While nothing has changed, the
 * answer for the first page has no body, and covers all others.
 */
import { type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { Days } from '../../client/types.js';

export interface DayList {
  /** In day order, with the service's values for all days; older days may still be loading. */
  readonly days: Signal<Days | null>;
  /** Whether anything has changed. Ends when every page is there. */
  look(): Promise<boolean>;
}

/** Small, so that the first days are there soon. */
const firstLimit = 1_000;
const nextLimit = 5_000;

export function createDayList(client: Pick<Client, 'daysPage'>): DayList {
  const days = signal<Days | null>(null);
  let etag: string | null = null;

  const look = async () => {
    const first = await client.daysPage({ limit: firstLimit, cursor: null, etag });
    if (first === null) return false;
    // After that, the page keeps showing the old list until the new one is complete.
    const isFirstLook = days.value === null;
    let all = first.answer;
    while (all.nextCursor !== null) {
      if (isFirstLook) days.value = inDayOrder(all);
      all = joined(all, await nextPage(all.nextCursor));
    }
    days.value = inDayOrder(all);
    etag = first.etag;
    return true;
  };

  const nextPage = async (cursor: string): Promise<Days> => {
    const next = await client.daysPage({ limit: nextLimit, cursor, etag: null });
    if (next === null) throw new Error('the service left out a page that was never given');
    return next.answer;
  };

  return { days, look };
}

/** False while older days are loading. */
export function isWhole(days: Days | null): boolean {
  return days?.nextCursor === null;
}

function joined(newer: Days, older: Days): Days {
  return { ...older, days: newer.days.concat(older.days) };
}

function inDayOrder(newestFirst: Days): Days {
  return { ...newestFirst, days: [...newestFirst.days].reverse() };
}
