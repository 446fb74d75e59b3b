import { countOf } from '../../client/words.js';
import type { VerifyAnswer } from '../../http/schemas/verify.js';
import { formatFigures, measureOf } from '../../model/totals.js';
import { isWrong, type Verdict, verdicts } from '../../model/verdict.js';
import type { Output, Style } from '../console.js';
import { type Column, table, wrapped } from '../table.js';
import { listed, numeral } from '../words.js';

const styles: Record<Verdict, Style> = {
  same: 'green',
  differs: 'red',
  missing: 'red',
  pending: 'cyan',
  unreadable: 'red',
  'no-raw': 'dim',
};

/** Lists only the days that need a remark. */
export function viewVerdicts(out: Output, answer: VerifyAnswer): string {
  const { days } = answer;
  const worthTelling = days.filter(({ verdict }) => verdict !== 'same');
  const rows = worthTelling.map(({ day, verdict, how, totals }) => [
    day,
    out.paint(styles[verdict], verdict),
    formatFigures(totals.output),
    totals.raw === null ? '-' : formatFigures(totals.raw),
    how,
  ]);
  const list = rows.length === 0 ? '' : `${table(out, columnsOf(days), rows)}\n`;
  return `${list}${wrapped(conclusion(out, answer), 0, out.columns())}\n`;
}

/** Lists all totals, since any of them may be the one that differs, with their names if there are several. */
function columnsOf(days: VerifyAnswer['days']): Column[] {
  const whole = days.find(({ totals }) => measureOf([totals.output]) !== null)?.totals.output ?? {};
  const [only, ...others] = Object.keys(whole);
  const where = only === undefined || others.length > 0 ? 'IN OUTPUT' : `${only} IN OUTPUT`;
  return [
    { title: 'DAY' },
    { title: 'VERDICT' },
    { title: where, align: 'right' },
    { title: 'IN RAW', align: 'right' },
    { title: 'HOW' },
  ];
}

function conclusion(out: Output, { ok, days, counts }: VerifyAnswer): string {
  const checked = days.length - counts['no-raw'];
  const told = verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${numeral(counts[verdict])} ${verdict}`);
  const all = `${countOf(checked, 'day')} compared: ${told.join(', ') || 'none'}`;
  if (ok) {
    const where = checked === days.length ? '' : ', where there is raw data';
    return `${out.paint('green', `The output is what raw says${where}.`)} ${all}.`;
  }
  const wrong = days.filter(isWrong);
  const names = listed(wrong.map(({ day }) => day));
  return `${out.paint('red', `Wrong: ${wrong.length === 1 ? 'day' : 'days'} ${names}.`)} ${all}.`;
}
