import { useEffect, useRef, useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count, countOf, list, sentence } from '../../client/words.js';
import { compareTotals, type Total } from '../../model/total.js';
import type { Figure } from '../model/figure.js';
import { markOf } from '../model/states.js';
import { useDashboard } from '../store/dashboard.js';
import { type DayDrawing, drawDays } from './day-drawing.js';

interface Props {
  readonly days: readonly DayStatus[];
  readonly figure: Figure;
}

/** One figure of each day over the whole history: a day that was counted twice stands out. */
export function DayChart({ days, figure }: Props) {
  const { facts, theme, places } = useDashboard();
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<DayDrawing | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const changes = theme.changes.value;

  useEffect(() => {
    if (place.current === null) return undefined;
    drawing.current = drawDays(place.current, days, figure, {
      onPoint: setPointed,
      onOpen: (day) => places.go({ kind: 'day', day }),
    });
    return () => drawing.current?.remove();
  }, [days, figure, changes]);

  const status = pointed === null ? undefined : days[pointed];
  const summary = summaryOf(days, figure);
  return (
    <figure class="day-chart">
      <figcaption>
        <h3>{figure.name} of each day</h3>
        <span class="hint" aria-hidden="true">
          {status === undefined ? summary : pointedWords(status, figure)}
        </span>
      </figcaption>
      <div
        ref={place}
        class="day-canvas"
        role="img"
        aria-label={`${figure.name} of each day. ${summary}.`}
      />
      <Legend days={days} gaps={facts.gaps.value} />
    </figure>
  );
}

function pointedWords(status: DayStatus, figure: Figure): string {
  const value = figure.of(status);
  const mark = markOf(status);
  const told = value === null ? 'not known' : count(value);
  return `${status.day}: ${figure.name} ${told}${mark === null ? '' : `, ${mark}`}`;
}

interface LegendProps {
  readonly days: readonly DayStatus[];
  readonly gaps: number;
}

/** What is marked in it, and why. */
function Legend({ days, gaps }: LegendProps) {
  const marked = new Map<string, string[]>();
  for (const status of days) {
    const mark = markOf(status);
    if (mark === null) continue;
    const names = marked.get(mark);
    if (names === undefined) marked.set(mark, [status.day]);
    else names.push(status.day);
  }
  const told = [...marked].map(([mark, names]) => `${mark}: ${list(names, 4)}`);
  return (
    <>
      {told.length > 0 && (
        <p class="hint">
          Marked, since they are not as they should be. {sentence(told.join('; '))}
        </p>
      )}
      {gaps > 0 && <p class="hint">On grey: {countOf(gaps, 'day')} missing.</p>}
    </>
  );
}

function summaryOf(days: readonly DayStatus[], figure: Figure): string {
  const known = days.flatMap((status): [string, Total][] => {
    const value = figure.of(status);
    return value === null ? [] : [[status.day, value]];
  });
  const sorted = known.sort(([, a], [, b]) => compareTotals(a, b));
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return 'No day has any';
  return `Least ${count(low[1])} (${low[0]}), most ${count(high[1])} (${high[0]})`;
}
