/**
 * Notices: what people should know although nothing failed. They appear in the log, in every run, in plan and
 * status, in the metrics, on the dashboard and, if they are about the service itself, in health.
 *
 * Those of `noticesOf` follow from one look, and go away when their cause does; pure.
 */

import { isDeepStrictEqual } from 'node:util';
import type { Day } from '../model/day.js';
import type { CommitFacts, WriterSettings } from '../model/ledger.js';
import type { Notice, NoticeCode } from '../model/notice.js';
import { type ColumnsChange, columnsNotices } from './columns-change.js';
import type { DayStatus } from './day-status.js';
import type { OutputState } from './ports/output.js';
import type { RawListing } from './ports/raw.js';
import { listed, rawNotices } from './raw-notices.js';
import type { RawPresence } from './raw-presence.js';

export interface Found {
  readonly raw: RawListing;
  readonly output: OutputState;
  readonly columns: ColumnsChange | null;
  readonly days: readonly DayStatus[];
  /** Of this service. */
  readonly settings: WriterSettings;
  readonly definition: string;
  readonly presence: RawPresence;
}

export function noticesOf(found: Found): Notice[] {
  return [
    ...ledgerNotices(found.output),
    ...columnsNotices(found),
    ...settingsNotices(found.output.record, found.settings),
    ...rawNotices(found.raw, found.presence),
    ...dayNotices(found),
  ];
}

export function ledgerNotices({ unreadable }: Pick<OutputState, 'unreadable'>): Notice[] {
  if (unreadable === null) return [];
  const message = `The ledger cannot be used: ${unreadable}. Daymark uses the output as it is, and the next run compares its days with their raw files.`;
  return [{ code: 'ledger-unreadable', message }];
}

/** Health shows it as the check of the store itself. */
export function refusalNotices(refusal: string | null): Notice[] {
  if (refusal === null) return [];
  const message = `The checkpoint store can be read, but refuses writes: ${refusal}. Runs go on; readers of the key see an old day until a write succeeds.`;
  return [{ code: 'checkpoint-refused', message }];
}

function settingsNotices(record: CommitFacts | null, ours: WriterSettings): Notice[] {
  const differences = record === null ? [] : differencesOf(record.settings, ours);
  if (record === null || differences.length === 0) return [];
  const message = `Version ${record.version} of the output (run ${record.runId}, ${record.committedAt}) was committed with other settings: ${differences.join('; ')}. If they were changed on purpose, the next run records the new ones; if not, another service writes the same output: stop one of the two.`;
  return [{ code: 'other-settings', message }];
}

/** `DAYMARK_RAW_DIR was /a, and is /b here`. Older records do not have their writer's settings. */
export function differencesOf(theirs: WriterSettings | null, ours: WriterSettings): string[] {
  if (theirs === null || isDeepStrictEqual(theirs, ours)) return [];
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return names
    .filter((name) => theirs[name] !== ours[name])
    .map((name) => differenceIn(name, theirs[name], ours[name]));
}

function differenceIn(name: string, theirs: string | undefined, ours: string | undefined): string {
  if (theirs?.includes(',') && ours?.includes(',')) return listDifference(name, theirs, ours);
  return `${name} was ${theirs ?? 'not set'}, and is ${ours ?? 'not set'} here`;
}

/** Shows only the differences of two lists: the rest would hide them. */
function listDifference(name: string, theirs: string, ours: string): string {
  const [there, here] = [theirs.split(','), ours.split(',')];
  const sides = [
    ['also had', there.filter((each) => !here.includes(each))],
    ['lacked', here.filter((each) => !there.includes(each))],
  ] as const;
  const told = sides.filter(([, names]) => names.length > 0);
  return `${name} ${told.map(([what, names]) => `${what} ${listed(names)}`).join(', and ')}`;
}

function dayNotices({ days, definition }: Found): Notice[] {
  const foreign: DayStatus[] = [];
  const outdated: DayStatus[] = [];
  const damaged: DayStatus[] = [];
  for (const status of days) {
    const { state, ledger } = status;
    if (status.pending || state === 'processed') continue;
    if (status.output && !ledger && !status.raw?.ready) foreign.push(status);
    if (state === 'damaged') damaged.push(status);
    const isOther = ledger?.definition && ledger.definition !== definition;
    if (state === 'archived' && isOther) outdated.push(status);
  }
  return [
    ...about(
      'damaged-archived',
      damaged,
      (names) =>
        `The rows of ${names} in the output are damaged, and the raw data to rebuild them is gone; they are kept as they are. Bring their raw folders back, or accept it.`,
    ),
    ...about(
      'foreign-days',
      foreign,
      (names) =>
        `No record says who wrote the rows of ${names} in the output, and there is no raw data to compare them with; the next commit adopts them as they are.`,
    ),
    ...about(
      'outdated-archived',
      outdated,
      (names) =>
        `${names} in the output: made under another definition, and the raw data to rebuild them is gone; they are kept as they are.`,
    ),
  ];
}

function about(
  code: NoticeCode,
  days: readonly DayStatus[],
  sentence: (names: string) => string,
): Notice[] {
  if (days.length === 0) return [];
  return [{ code, message: sentence(`${days.length === 1 ? 'day' : 'days'} ${daysListed(days)}`) }];
}

function daysListed(days: readonly { readonly day: Day }[]): string {
  return listed(days.map(({ day }) => day));
}
