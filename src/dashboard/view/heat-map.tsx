import { useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';
import { compareTotals, type Total } from '../../model/total.js';
import { type DayTable, heatOf, hoursOf } from '../model/aggregate.js';
import { DayLink } from './day-link.js';

interface Props {
  readonly days: readonly DayStatus[];
  readonly tables: readonly DayTable[];
  /** Null: all of them. */
  readonly category: string | null;
}

const hours = Array.from({ length: 24 }, (_, hour) => hour);

/** A table with coloured cells: screen readers get the numbers that others see as colours. */
export function HeatMap({ days, tables, category }: Props) {
  const [pointed, setPointed] = useState<string | null>(null);
  const rows = days.map(({ day }) => {
    const table = tables.find((each) => each.day === day);
    return { day, counts: table === undefined ? null : hoursOf(table, category) };
  });
  const largest = rows.flatMap(({ counts }) => counts ?? []).reduce(largerOf, 1);
  const what = category ?? 'all categories';
  const measure = tables[0]?.measure ?? '';
  const point = ({ target }: Event) => {
    setPointed((target as Element).closest<HTMLElement>('[data-words]')?.dataset['words'] ?? null);
  };
  return (
    <div class="heat">
      <table onPointerOver={point} onPointerLeave={() => setPointed(null)}>
        <caption>
          {measure} of {what}, by day and hour
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Day</span>
            </th>
            {hours.map((hour) => (
              <th key={hour} scope="col" class="heat-hour" data-shown={hour % 3 === 0}>
                <span>{hour}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ day, counts }) => (
            <tr key={day}>
              <th scope="row">
                <DayLink day={day} />
              </th>
              {hours.map((hour) => (
                <HeatCell
                  key={hour}
                  items={counts?.[hour] ?? null}
                  largest={largest}
                  words={`${day}, ${hour}:00: ${measure}`}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <HeatScale largest={largest} pointed={pointed} />
    </div>
  );
}

function largerOf(a: Total, b: Total): Total {
  return compareTotals(a, b) < 0 ? b : a;
}

interface CellProps {
  /** Null: not loaded yet. */
  readonly items: Total | null;
  readonly largest: Total;
  readonly words: string;
}

function HeatCell({ items, largest, words }: CellProps) {
  if (items === null) return <td data-heat="unknown" />;
  return (
    <td data-heat={heatOf(items, largest)} data-words={`${words} ${count(items)}`}>
      <span class="unseen">{items}</span>
    </td>
  );
}

function HeatScale({
  largest,
  pointed,
}: {
  readonly largest: Total;
  readonly pointed: string | null;
}) {
  return (
    <p class="heat-scale hint" aria-hidden="true">
      <span>0</span>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((heat) => (
        <i key={heat} data-heat={heat} />
      ))}
      <span>{count(largest)}</span>
      <span class="heat-pointed">{pointed}</span>
    </p>
  );
}
