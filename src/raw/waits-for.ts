/** What a day's folder lacks, in words. */
import type { UnreadEntry } from '../core/ports/raw.js';

export interface FoundInFolder {
  /** All of them. */
  readonly entries: readonly unknown[];
  /** Whether one is named like data, be it that it is refused. */
  readonly hasData: boolean;
  readonly unread: readonly UnreadEntry[];
  /** Whether `_SUCCESS` is there, or not asked for. */
  readonly complete: boolean;
}

const mostNames = 3;

/** To stand behind "it waits for"; null for a day that is ready. */
export function whatItWaitsFor({
  entries,
  hasData,
  unread,
  complete,
}: FoundInFolder): string | null {
  const lacks = [
    ...(hasData ? [] : [`a file that ends with .csv or .csv.gz${butHas(entries, unread)}`]),
    ...(complete ? [] : ['the file _SUCCESS in its folder']),
  ];
  return lacks.length === 0 ? null : lacks.join(' and ');
}

function butHas(entries: FoundInFolder['entries'], unread: readonly UnreadEntry[]): string {
  if (entries.length === 0) return ' (its folder is empty)';
  if (unread.length === 0) return '';
  const names = unread.slice(0, mostNames).map(({ name }) => name);
  const others = unread.length - names.length;
  return ` (not read: ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''})`;
}
