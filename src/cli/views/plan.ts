import type { Plan } from '../../client/types.js';
import { countOf, size } from '../../client/words.js';
import { foundNoDay } from '../../model/notice.js';
import type { Output } from '../console.js';
import { table } from '../table.js';
import { listed, numeral } from '../words.js';
import { stateStyles } from './colours.js';
import { noDay, viewNotices } from './notices.js';
import { describeWhy } from './why.js';

const columns = [
  { title: 'DAY' },
  { title: 'STATE' },
  { title: 'FILES', align: 'right' },
  { title: 'RAW', align: 'right' },
  { title: 'WHY' },
] as const;

export function viewPlan(out: Output, { days, leave, unknown, notices }: Plan): string {
  const rows = [...days, ...leave].map(({ day, state, files, bytes, ...why }) => [
    day,
    out.paint(stateStyles[state], state),
    numeral(files),
    size(bytes),
    describeWhy(why),
  ]);
  const total = days.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    rows.length === 0 ? '' : `${table(out, columns, rows)}\n`,
    viewNotices(out, notices),
    days.length > 0
      ? `${countOf(days.length, 'day')} to process, ${size(total)}\n`
      : `${foundNoDay(notices) ? noDay : 'nothing to do'}\n`,
    leave.length === 0 ? '' : `not ready: ${listed(leave.map(({ day }) => day))}\n`,
    unknown.length === 0 ? '' : `not found: ${listed(unknown)}\n`,
  ].join('');
}
