import type { DayStatus, Days } from '../../client/types.js';
import { countOf, size } from '../../client/words.js';
import { foundNoDay, type NoticeCode } from '../../model/notice.js';
import { formatTotals, measureOf } from '../../model/totals.js';
import type { Output } from '../console.js';
import { type Column, factList, table, wrapped } from '../table.js';
import { listedGaps, moment, numeral } from '../words.js';
import { stateStyles } from './colours.js';
import { measureCell, measureColumn } from './measure.js';
import { noDay, viewNotices } from './notices.js';
import { describeDay } from './run.js';
import { describeWhy } from './why.js';

export function viewDays(out: Output, answer: Days): string {
  const { days, ignored, ignoredCount, gaps, notices } = answer;
  const moreIgnored = ignoredCount - ignored.length;
  const remarks = [
    ...(gaps.length === 0 ? [] : [`gaps: ${listedGaps(gaps)}`]),
    ...ignored.map(({ name, reason }) => `ignored: ${name} (${reason})`),
    ...(moreIgnored > 0 ? [`ignored: ${numeral(moreIgnored)} more`] : []),
  ];
  const none = foundNoDay(notices) ? `${noDay}\n` : 'no days\n';
  return [
    days.length === 0 ? none : dayTable(out, days),
    `\n${countStates(answer)}\n`,
    viewNotices(
      out,
      notices.filter(({ code }) => code !== toldByEntry),
    ),
    ...remarks.map((remark) => `${wrapped(remark, 2, out.columns())}\n`),
  ].join('');
}

/** Each entry is listed, with its own reason. */
const toldByEntry: NoticeCode = 'not-days';

export function dayTable(out: Output, days: Days['days']): string {
  const measure = measureOf(days.map(({ output }) => output?.totals));
  const columns: Column[] = [
    { title: 'DAY' },
    { title: 'STATE' },
    { title: 'FILES', align: 'right' },
    { title: 'RAW', align: 'right' },
    { title: 'ROWS', align: 'right' },
    ...measureColumn(measure),
    { title: 'WHY' },
  ];
  return table(
    out,
    columns,
    days.map((day) => rowOf(out, day, measure)),
  );
}

function rowOf(out: Output, status: DayStatus, measure: string | null): string[] {
  const { day, state, raw, output, ...why } = status;
  return [
    day,
    out.paint(stateStyles[state], state),
    numeral(raw?.files.length),
    raw === null ? '-' : size(raw.bytes),
    numeral(output?.rows),
    ...measureCell(measure, output?.totals),
    describeWhy(why),
  ];
}

/** `7 days: 5 processed, 2 late` */
export function countStates({ counts }: Pick<Days, 'counts'>): string {
  const found = Object.entries(counts).filter(([, count]) => count > 0);
  const total = found.reduce((sum, [, count]) => sum + count, 0);
  const parts = found.map(([state, count]) => `${numeral(count)} ${state}`);
  return `${countOf(total, 'day')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/** Everything about one day, a fact on each line. */
export function viewDay(out: Output, status: DayStatus): string {
  const { day, state, reason, raw, output, commit, lastRun, lastError } = status;
  const facts = [
    ['day', day],
    ['state', `${out.paint(stateStyles[state], state)}: ${reason}`],
    ...(raw?.files ?? []).map(({ name, bytes, modifiedAt }) => [
      'raw file',
      `${name} · ${size(bytes)} · modified ${moment(modifiedAt)}`,
    ]),
    ...(raw?.refused ?? []).map((refused) => ['refused', `${refused.name}: ${refused.reason}`]),
    ...(raw?.unread ?? []).map((unread) => ['not read', `${unread.name}: ${unread.reason}`]),
    [
      'output',
      output === null
        ? 'no rows'
        : `${countOf(output.rows, 'row')} · ${formatTotals(output.totals)} · ${size(output.bytes)} · sha256 ${output.sha256}`,
    ],
    ...(commit === null
      ? []
      : [
          [
            'commit',
            `${commit.version} · run ${commit.runId} · ${moment(commit.committedAt)} · ${numeral(commit.records)} records`,
          ],
        ]),
    ...(lastRun === null
      ? []
      : [['last run', `${lastRun.id} · ${lastRun.outcome} · ${moment(lastRun.finishedAt)}`]]),
    ...(lastError === null ? [] : describeDay(day, lastError).map((line) => ['last error', line])),
  ];
  return factList(out, facts);
}
