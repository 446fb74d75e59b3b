/**
 * How long days have been pending. Nothing on disk tells when a day became so (a file's own time may be
 * years old when it lands), so this is how long the process has known; a restart begins anew.
 */

import type { DayStatus } from '../core/reconcile.js';
import type { Day } from '../model/day.js';

export interface PendingAges {
  /** Of the day that is pending longest; 0 where none is. A day that was done meanwhile begins anew. */
  oldestSeconds(days: readonly DayStatus[], nowMs: number): number;
}

export function createPendingAges(): PendingAges {
  let since = new Map<Day, number>();

  return {
    oldestSeconds: (days, nowMs) => {
      const pending = days.filter((status) => status.pending);
      since = new Map(pending.map(({ day }) => [day, since.get(day) ?? nowMs]));
      let oldestMs = nowMs;
      for (const sinceMs of since.values()) oldestMs = Math.min(oldestMs, sinceMs);
      return (nowMs - oldestMs) / 1000;
    },
  };
}
