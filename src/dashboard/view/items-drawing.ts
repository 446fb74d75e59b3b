/** The bars of items by day, on a canvas by uPlot: thousands of days cost no more than ten. */
import UPlot from 'uplot';
import type { DayStatus } from '../../client/types.js';
import type { Figure } from '../model/figure.js';
import { isDate } from '../model/groups.js';

export interface ItemsDrawing {
  remove(): void;
}

interface Listener {
  /** The index of the day under the pointer; null if there is none. */
  onPoint(index: number | null): void;
  onOpen(day: string): void;
}

const heightPx = 170;

export function drawItems(
  place: HTMLElement,
  days: readonly DayStatus[],
  figure: Figure,
  listener: Listener,
): ItemsDrawing {
  const plot = new UPlot(optionsFor(place, days, listener), dataOf(days, figure), place);
  const open = () => {
    const day = typeof plot.cursor.idx === 'number' ? days[plot.cursor.idx]?.day : undefined;
    if (day !== undefined) listener.onOpen(day);
  };
  plot.over.addEventListener('click', open);
  const watch = new ResizeObserver(() => {
    plot.setSize({ width: place.clientWidth, height: heightPx });
  });
  watch.observe(place);
  return {
    remove: () => {
      watch.disconnect();
      plot.destroy();
    },
  };
}

function dataOf(days: readonly DayStatus[], { of }: Figure): UPlot.AlignedData {
  return [
    days.map(({ day }) => (isDate(day) ? Date.parse(`${day}T00:00:00Z`) / 1000 : Number(day))),
    days.map((status) => Number(of(status))),
  ];
}

function optionsFor(
  place: HTMLElement,
  days: readonly DayStatus[],
  listener: Listener,
): UPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `12px ${style.fontFamily}`;
  const dated = isDate(days[0]?.day ?? '');
  const axis = {
    stroke: colour('--ink-soft'),
    font,
    ticks: { show: false },
  };
  return {
    width: place.clientWidth,
    height: heightPx,
    legend: { show: false },
    cursor: { y: false, drag: { x: true, y: false }, points: { show: false } },
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), 'UTC'),
    scales: {
      x: { time: dated, range: (_, low, high) => padded(low, high, dated) },
      y: { range: (_, __, high) => [0, Math.max(1, high * 1.08)] },
    },
    axes: [
      { ...axis, size: 30, space: 64, grid: { show: false }, ...(dated ? dateAxis : indexAxis) },
      {
        ...axis,
        size: 56,
        grid: { stroke: colour('--line'), width: 1 },
        values: (_, splits) => splits.map((value) => shortly(value)),
      },
    ],
    series: [
      {},
      {
        stroke: colour('--bar'),
        fill: colour('--bar'),
        width: 0,
        ...barsOf(),
        points: { show: false },
      },
    ],
    hooks: { setCursor: [({ cursor }) => listener.onPoint(cursor.idx ?? null)] },
  };
}

const daySeconds = 86_400;
const steps = [1, 2, 5, 7, 14, 30, 61, 91, 182, 365, 730, 1825, 3650];

const dateAxis: UPlot.Axis = {
  incrs: steps.map((days) => days * daySeconds),
  values: (_, splits) => {
    const wide = (splits.at(-1) ?? 0) - (splits[0] ?? 0) > 300 * daySeconds;
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'UTC',
      month: 'short',
      ...(wide ? { year: 'numeric' } : { day: 'numeric' }),
    });
    return splits.map((seconds) => format.format(seconds * 1000));
  },
};

const indexAxis: UPlot.Axis = {
  incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000, 100_000, 1_000_000],
};

function barsOf(): Pick<UPlot.Series, 'paths'> {
  const paths = UPlot.paths.bars?.({ size: [0.72, 26], radius: 0.12 });
  return paths === undefined ? {} : { paths };
}

/** Half a day on both sides, so that the first and last bars are complete. */
function padded(low: number, high: number, dated: boolean): [number, number] {
  const half = dated ? 0.6 * daySeconds : 0.6;
  return [low - half, high + half];
}

function shortly(value: number): string {
  return new Intl.NumberFormat('en-GB', { notation: 'compact' }).format(value);
}
