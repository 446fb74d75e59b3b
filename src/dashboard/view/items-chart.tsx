import { useEffect, useRef, useState } from 'preact/hooks';
import type { DayStatus } from '../../client/types.js';
import { count } from '../../client/words.js';
import { compareTotals } from '../../model/total.js';
import { firstTotal } from '../../model/totals.js';
import { useDashboard } from '../store/dashboard.js';
import { drawItems, type ItemsDrawing } from './items-drawing.js';

interface Props {
  readonly days: readonly DayStatus[];
}

/** Items of each day over the whole history: a day that was counted twice stands out. */
export function ItemsChart({ days }: Props) {
  const { theme, places } = useDashboard();
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<ItemsDrawing | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const changes = theme.changes.value;

  useEffect(() => {
    if (place.current === null) return undefined;
    drawing.current = drawItems(place.current, days, {
      onPoint: setPointed,
      onOpen: (day) => places.go({ kind: 'day', day }),
    });
    return () => drawing.current?.remove();
  }, [days, changes]);

  const status = pointed === null ? undefined : days[pointed];
  return (
    <figure class="items">
      <figcaption>
        <h3>Items of each day</h3>
        <span class="hint" aria-hidden="true">
          {status === undefined
            ? summaryOf(days)
            : `${status.day}: ${count(firstTotal(status.output?.totals))} items`}
        </span>
      </figcaption>
      <div
        ref={place}
        class="items-canvas"
        role="img"
        aria-label={`Items of each day. ${summaryOf(days)}`}
      />
    </figure>
  );
}

function summaryOf(days: readonly DayStatus[]): string {
  const sorted = [...days].sort((a, b) =>
    compareTotals(firstTotal(a.output?.totals), firstTotal(b.output?.totals)),
  );
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return '';
  return `Least ${count(firstTotal(low.output?.totals))} (${low.day}), most ${count(firstTotal(high.output?.totals))} (${high.day})`;
}
