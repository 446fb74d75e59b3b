import type { PlanAnswer } from '../../http/schemas/plan.js';
import type { Output } from '../console.js';
import { table } from '../table.js';
import { counted, listed, numeral, size } from '../words.js';
import { stateStyles } from './colours.js';

const columns = [
  { title: 'DAY' },
  { title: 'STATE' },
  { title: 'FILES', align: 'right' },
  { title: 'RAW', align: 'right' },
  { title: 'WHY' },
] as const;

export function viewPlan(out: Output, { days, leave, unknown }: PlanAnswer): string {
  const rows = [...days, ...leave].map(({ day, state, files, bytes, reason }) => [
    day,
    out.paint(stateStyles[state], state),
    numeral(files),
    size(bytes),
    reason,
  ]);
  const total = days.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    rows.length === 0 ? '' : `${table(out, columns, rows)}\n`,
    days.length === 0
      ? 'nothing to do\n'
      : `${counted(days.length, 'day')} to take, ${size(total)}\n`,
    leave.length === 0 ? '' : `not ready: ${listed(leave.map(({ day }) => day))}\n`,
    unknown.length === 0 ? '' : `nowhere to be found: ${listed(unknown)}\n`,
  ].join('');
}
