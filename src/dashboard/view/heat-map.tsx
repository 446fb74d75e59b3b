import { useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count, countOf } from '../../client/words.js';
import type { Total } from '../../model/total.js';
import { type Heat, heatOf, largestOf, withGaps } from '../model/heat.js';
import { markOf } from '../model/states.js';
import { DayLink } from './day-link.js';
import { Shape } from './shape.js';

interface Props {
  readonly days: readonly DayStatus[];
  readonly heat: Heat;
  /** Of the key that the columns are values of. */
  readonly name: string;
  /** What is drawn. */
  readonly figure: string;
  /** Which rows are in it, where not all are. */
  readonly filter: string | null;
}

/** A table with coloured cells: screen readers get the numbers that others see as colours. */
export function HeatMap({ days, heat, name, figure, filter }: Props) {
  const [pointed, setPointed] = useState<string | null>(null);
  const largest = largestOf([...heat.cells.values()].flatMap((cells) => [...cells.values()]));
  const point = ({ target }: Event) => {
    setPointed((target as Element).closest<HTMLElement>('[data-words]')?.dataset['words'] ?? null);
  };
  const every = heat.columns.length > 12 ? 3 : 1;
  return (
    <div class="heat">
      <table onPointerOver={point} onPointerLeave={() => setPointed(null)}>
        <caption>
          {figure} by day and {name}
          {filter !== null && `, of ${filter} alone`}
        </caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Day</span>
            </th>
            {heat.columns.map((column, index) => (
              <th key={column} scope="col" class="heat-column" data-shown={index % every === 0}>
                <span>{column}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {withGaps(days).map((row) =>
            row.kind === 'gap' ? (
              <tr key={`after ${row.after}`} class="heat-gap">
                <td colSpan={heat.columns.length + 1}>{countOf(row.days, 'day')} missing</td>
              </tr>
            ) : (
              <DayRow
                key={row.status.day}
                status={row.status}
                heat={heat}
                largest={largest}
                words={(column) => `${row.status.day}, ${name} ${column}: ${figure}`}
              />
            ),
          )}
        </tbody>
      </table>
      <HeatScale largest={largest} pointed={pointed} />
    </div>
  );
}

interface RowProps {
  readonly status: DayStatus;
  readonly heat: Heat;
  readonly largest: Total;
  readonly words: (column: number) => string;
}

function DayRow({ status, heat: { columns, cells }, largest, words }: RowProps) {
  const { day, state, output } = status;
  const mark = markOf(status);
  const ofDay = cells.get(day);
  return (
    <tr>
      <th scope="row">
        <DayLink day={day} />
        {mark !== null && (
          <>
            <Shape name={mark} />
            <span class="unseen">{mark}</span>
          </>
        )}
      </th>
      {output === null ? (
        <td class="heat-none" colSpan={columns.length}>
          {mark ?? state}: no rows
        </td>
      ) : (
        columns.map((column) => (
          <HeatCell
            key={column}
            total={ofDay === undefined ? null : (ofDay.get(column) ?? 0)}
            largest={largest}
            words={words(column)}
          />
        ))
      )}
    </tr>
  );
}

interface CellProps {
  /** Null: not known. */
  readonly total: Total | null;
  readonly largest: Total;
  readonly words: string;
}

function HeatCell({ total, largest, words }: CellProps) {
  if (total === null) return <td data-heat="unknown" />;
  return (
    <td
      data-heat={heatOf(total, largest)}
      data-below={Number(total) < 0}
      data-words={`${words} ${count(total)}`}
    >
      <span class="unseen">{count(total)}</span>
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
