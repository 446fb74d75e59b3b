/**
 * Gauges from the newest survey: the one made for the scrape, if that finishes in time. They are computed when read,
 * so that a reconcile pays nothing for them.
 */
import { Gauge, type Registry } from 'prom-client';
import type { Survey } from '../core/survey.js';
import type { Day } from '../model/day.js';
import { dayStates } from '../model/day-state.js';
import { noticeCodes } from '../model/notice.js';
import { createPendingAges } from './pending-ages.js';

export interface SurveyGauges {
  show(survey: Survey): void;
}

export function createSurveyGauges(registry: Registry): SurveyGauges {
  let latest: Survey | null = null;
  let seenAtMs = Number.NaN;
  const ages = createPendingAges();

  const gauge = (name: string, help: string, read: (survey: Survey | null) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(latest));
      },
    });

  gauge(
    'daymark_pending_days',
    'Days that the default run would take, as of the newest reconcile.',
    (survey) => survey?.days.filter(({ pending }) => pending).length ?? 0,
  );
  gauge(
    'daymark_oldest_pending_day_age_seconds',
    'How long this process has known the day that is pending longest; 0 where none is.',
    (survey) => (survey === null ? 0 : ages.oldestSeconds(survey.days, performance.now())),
  );
  gauge(
    'daymark_checkpoint_day',
    'The checkpoint as of the newest reconcile; index layout only, NaN where there is none.',
    (survey) => indexOf(survey?.checkpoint.day ?? null),
  );
  gauge(
    'daymark_checkpoint_day_timestamp_seconds',
    'The date of the checkpoint, at midnight UTC; date layout only, NaN where there is none.',
    (survey) => midnightSeconds(survey?.checkpoint.day ?? null),
  );
  gauge(
    'daymark_complete_through_day',
    'The day up to which nothing is pending; index layout only, NaN where there is none.',
    (survey) => indexOf(survey?.checkpoint.completeThrough ?? null),
  );
  gauge(
    'daymark_complete_through_day_timestamp_seconds',
    'The date up to which nothing is pending, at midnight UTC; date layout only, NaN where there is none.',
    (survey) => midnightSeconds(survey?.checkpoint.completeThrough ?? null),
  );
  gauge(
    'daymark_last_commit_timestamp_seconds',
    'When the newest day of the output was committed, by its ledger; NaN where there is none.',
    lastCommitSeconds,
  );
  gauge(
    'daymark_last_reconcile_timestamp_seconds',
    'When a reconcile last came to its end; NaN before the first.',
    () => seenAtMs / 1000,
  );
  new Gauge({
    name: 'daymark_known_days',
    help: 'Days by state, as of the newest reconcile.',
    labelNames: ['state'] as const,
    registers: [registry],
    collect() {
      for (const state of dayStates) this.set({ state }, 0);
      for (const { state } of latest?.days ?? []) this.inc({ state });
    },
  });

  new Gauge({
    name: 'daymark_notices',
    help: 'What a person should know, by code, as of the newest reconcile.',
    labelNames: ['code'] as const,
    registers: [registry],
    collect() {
      for (const code of noticeCodes) this.set({ code }, 0);
      for (const { code } of latest?.notices ?? []) this.inc({ code });
    },
  });

  return {
    show: (survey) => {
      latest = survey;
      seenAtMs = Date.now();
    },
  };
}

function indexOf(day: Day | null): number {
  return day !== null && /^[0-9]+$/.test(day) ? Number(day) : Number.NaN;
}

function midnightSeconds(day: Day | null): number {
  return day?.includes('-') ? Date.parse(`${day}T00:00:00Z`) / 1000 : Number.NaN;
}

/** Times of the ledger are ISO 8601 in UTC: they sort as text. */
function lastCommitSeconds(survey: Survey | null): number {
  let newest = '';
  for (const { committedAt } of survey?.output.ledger.values() ?? []) {
    if (committedAt > newest) newest = committedAt;
  }
  return Date.parse(newest) / 1000;
}
