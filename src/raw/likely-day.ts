/** Names that are nearly a day: what was meant by `day=3`, `03`, `20261123` or `2026_11_23`. */
import type { Day, DayLayout } from '../model/day.js';

/** As partitions are named (`dt=…`, with any key), or with a word for a day in front. */
const prefix = /^(?:[a-z_][\w.-]*=|(?:day|date|dt|dow|order_dow|order_date)[ _-]?(?=[0-9]))/i;

/** Of a day that was put down as a file, or packed. */
const ending = /\.csv(?:\.gz)?$/i;

/** Null where the name is no day, or exactly one. */
export function likelyDay(layout: DayLayout, name: string): Day | null {
  if (layout.parse(name) !== null) return null;
  const core = name.trim().replace(ending, '').replace(prefix, '').trim();
  return layout.parse(spelled(layout, core));
}

function spelled({ name }: DayLayout, text: string): string {
  return name === 'index' ? text.replace(/^0+(?=[0-9])/, '') : asDate(text);
}

/** With other signs between the parts, or none; without zeros in front; with a time of day behind. */
function asDate(text: string): string {
  const date = text.replace(/[T ][0-9:.]+(?:Z|[+-][0-9:]+)?$/i, '');
  const parts =
    /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(date) ??
    /^([0-9]{4})[-_./ ]([0-9]{1,2})[-_./ ]([0-9]{1,2})$/.exec(date);
  if (parts === null) return text;
  const [, year, month = '', day = ''] = parts;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}
