/** What a person should know though nothing failed, on lines of its own. */

import type { Notice } from '../../client/types.js';
import type { NoticeCode } from '../../model/notice.js';
import type { Output } from '../console.js';
import { wrapped } from '../table.js';

/** Of these nothing is wrong with the output; all others, those of a newer service too, are warnings. */
const notes: ReadonlySet<string> = new Set<NoticeCode>([
  'not-days',
  'foreign-days',
  'outdated-archived',
]);

export function viewNotices(out: Output, notices: readonly Notice[]): string {
  return notices
    .map(({ code, message }) => line(out, notes.has(code) ? 'note' : 'warning', message))
    .join('');
}

/** A run tells its notices, and what happened to it, as plain sentences. */
export function viewWarnings(out: Output, warnings: readonly string[]): string {
  return warnings.map((warning) => line(out, 'warning', warning)).join('');
}

function line(out: Output, label: 'note' | 'warning', text: string): string {
  const style = label === 'note' ? 'cyan' : 'yellow';
  const indent = label.length + 2;
  return `${out.paint(style, `${label}:`)} ${wrapped(text, indent, out.columns())}\n`;
}

export const noDay = 'no day was found';
