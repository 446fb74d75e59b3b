/**
 * How long days have been pending. Nothing on disk tells when a day became so (a file's own time may be
 * years old when it lands), so this is how long the process has known it; a restart resets it.
 */

import type { DayStatus } from '../core/day-status.js';
import type { Day } from '../model/day.js';

export interface PendingAges {
  /** Of the day that has been pending longest; 0 if there is none. A day that was processed in between starts again. */
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
