/**
 * All days, asked for page by page, the newest first: they are shown as soon as they are there. While nothing
 * changed the first page says so, in an answer without a body, and stands for all others.
 */
import { type Signal, signal } from '@preact/signals';
import type { Client } from '../../client/client.js';
import type { Days } from '../../client/types.js';

export interface DayList {
  /** In day order, with what the service says of all days; the older ones may be on their way. */
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
    // Later on the page goes on showing what it has until all that is new is there.
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

/** False while older days are on their way. */
export function isWhole(days: Days | null): boolean {
  return days?.nextCursor === null;
}

function joined(newer: Days, older: Days): Days {
  return { ...older, days: newer.days.concat(older.days) };
}

function inDayOrder(newestFirst: Days): Days {
  return { ...newestFirst, days: [...newestFirst.days].reverse() };
}
