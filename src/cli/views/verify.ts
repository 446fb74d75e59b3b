import { countOf } from '../../client/words.js';
import type { Output, Style } from '../console.js';
import { table, wrapped } from '../table.js';
import { type DayVerdict, isWrong, type Verdict, verdicts } from '../verdict.js';
import { listed, numeral } from '../words.js';

const styles: Record<Verdict, Style> = {
  same: 'green',
  differs: 'red',
  missing: 'red',
  pending: 'cyan',
  unreadable: 'red',
  'no-raw': 'dim',
};

/** Only the days of which there is something to say are listed. */
export function viewVerdicts(out: Output, days: readonly DayVerdict[]): string {
  const worthTelling = days.filter(({ verdict }) => verdict !== 'same');
  const rows = worthTelling.map(({ day, verdict, how, items }) => [
    day,
    out.paint(styles[verdict], verdict),
    numeral(items.output),
    numeral(items.raw),
    how,
  ]);
  const list = rows.length === 0 ? '' : `${table(out, columns, rows)}\n`;
  return `${list}${wrapped(conclusion(out, days), 0, out.columns())}\n`;
}

const columns = [
  { title: 'DAY' },
  { title: 'VERDICT' },
  { title: 'ITEMS IN OUTPUT', align: 'right' },
  { title: 'IN RAW', align: 'right' },
  { title: 'HOW' },
] as const;

function conclusion(out: Output, days: readonly DayVerdict[]): string {
  const wrong = days.filter(isWrong);
  const checked = days.filter(({ verdict }) => verdict !== 'no-raw');
  const counts = verdicts
    .map((verdict) => ({ verdict, count: days.filter((each) => each.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${numeral(count)} ${verdict}`);
  const all = `${countOf(checked.length, 'day')} compared: ${counts.join(', ') || 'none'}`;
  if (wrong.length === 0) {
    const where = checked.length === days.length ? '' : ', where there is raw data';
    return `${out.paint('green', `The output is what raw says${where}.`)} ${all}.`;
  }
  const names = listed(wrong.map(({ day }) => day));
  return `${out.paint('red', `Wrong: ${wrong.length === 1 ? 'day' : 'days'} ${names}.`)} ${all}.`;
}
