/** Notices, each on its own line. */

import type { Notice } from '../../client/types.js';
import type { NoticeCode } from '../../model/notice.js';
import type { Output } from '../console.js';
import { wrapped } from '../table.js';

/** These do not mean that the output is wrong; all others, including those of a newer service, are warnings. */
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

/** The warnings of a run are plain sentences. */
export function viewWarnings(out: Output, warnings: readonly string[]): string {
  return warnings.map((warning) => line(out, 'warning', warning)).join('');
}

function line(out: Output, label: 'note' | 'warning', text: string): string {
  const style = label === 'note' ? 'cyan' : 'yellow';
  const indent = label.length + 2;
  return `${out.paint(style, `${label}:`)} ${wrapped(text, indent, out.columns())}\n`;
}

export const noDay = 'no day was found';
