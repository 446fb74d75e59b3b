/** Describes what a day lacks. */
import type { UnreadEntry } from '../core/ports/raw.js';
import type { PathTemplate } from '../model/path-template.js';
import { fileWords } from './template-words.js';

export interface FoundInFolder {
  /** Of the day, as it is listed. */
  readonly isEmpty: boolean;
  /** Whether one is named like data, even if it is refused. */
  readonly hasData: boolean;
  readonly unread: readonly UnreadEntry[];
  /** Whether `_SUCCESS` is there, or not required. */
  readonly complete: boolean;
}

const mostNames = 3;

/** To follow "it waits for"; null for a day that is ready. */
export function whatItWaitsFor(
  { isEmpty, hasData, unread, complete }: FoundInFolder,
  template: PathTemplate,
): string | null {
  const lacks = [
    ...(hasData ? [] : [`${fileWords(template).one}${butHas(isEmpty, unread)}`]),
    ...(complete ? [] : ['the file _SUCCESS in its folder']),
  ];
  return lacks.length === 0 ? null : lacks.join(' and ');
}

function butHas(isEmpty: boolean, unread: readonly UnreadEntry[]): string {
  if (isEmpty) return ' (its folder is empty)';
  if (unread.length === 0) return '';
  const names = unread.slice(0, mostNames).map(({ name }) => name);
  const others = unread.length - names.length;
  return ` (not read: ${names.join(', ')}${others > 0 ? ` and ${others} more` : ''})`;
}
