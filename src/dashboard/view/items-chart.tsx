import { useEffect, useRef, useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';
import { compareTotals } from '../../model/total.js';
import { type Figure, figureOf } from '../model/figure.js';
import { useDashboard } from '../store/dashboard.js';
import { drawItems, type ItemsDrawing } from './items-drawing.js';

interface Props {
  readonly days: readonly DayStatus[];
}

/** One measure for each day of the history: a day that was counted twice stands out. */
export function ItemsChart({ days }: Props) {
  const { theme, places } = useDashboard();
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<ItemsDrawing | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const changes = theme.changes.value;
  const figure = figureOf(days);

  useEffect(() => {
    if (place.current === null) return undefined;
    drawing.current = drawItems(place.current, days, figure, {
      onPoint: setPointed,
      onOpen: (day) => places.go({ kind: 'day', day }),
    });
    return () => drawing.current?.remove();
  }, [days, changes]);

  const status = pointed === null ? undefined : days[pointed];
  return (
    <figure class="items">
      <figcaption>
        <h3>{figure.name} of each day</h3>
        <span class="hint" aria-hidden="true">
          {status === undefined
            ? summaryOf(days, figure)
            : `${status.day}: ${figure.name} ${count(figure.of(status))}`}
        </span>
      </figcaption>
      <div
        ref={place}
        class="items-canvas"
        role="img"
        aria-label={`${figure.name} of each day. ${summaryOf(days, figure)}`}
      />
    </figure>
  );
}

function summaryOf(days: readonly DayStatus[], { of }: Figure): string {
  const sorted = [...days].sort((a, b) => compareTotals(of(a), of(b)));
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return '';
  return `Least ${count(of(low))} (${low.day}), most ${count(of(high))} (${high.day})`;
}
