/**
 * A bar for each day, on a canvas by uPlot: thousands of days cost no more than ten. Days that need attention have bars
 * in another colour and a mark at the foot; the background is darker where days are missing.
 */
import UPlot from 'uplot';
import type { DayStatus } from '../../client/types.js';
import type { Figure } from '../model/figure.js';
import { isDate, numberOf } from '../model/groups.js';
import { markOf } from '../model/states.js';

export interface DayDrawing {
  remove(): void;
}

interface Listener {
  /** The index of the day under the pointer; null if there is none. */
  onPoint(index: number | null): void;
  onOpen(day: string): void;
}

const heightPx = 170;

export function drawDays(
  place: HTMLElement,
  days: readonly DayStatus[],
  figure: Figure,
  listener: Listener,
): DayDrawing {
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

/** On the axis: seconds since 1970, or the number itself. */
function placeOf(day: string): number {
  return isDate(day) ? numberOf(day) * daySeconds : numberOf(day);
}

/** Days that are fine and days that need attention, as two series: each day has a bar in one of them. */
function dataOf(days: readonly DayStatus[], figure: Figure): UPlot.AlignedData {
  const values = (isMarked: boolean) =>
    days.map((status) => {
      const value = (markOf(status) !== null) === isMarked ? figure.of(status) : null;
      return value === null ? null : Number(value);
    });
  return [days.map(({ day }) => placeOf(day)), values(false), values(true)];
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
      y: { range: (_, low, high) => [Math.min(0, low * 1.08), Math.max(1, high * 1.08)] },
    },
    axes: [
      // The marks stand between the foot and the words.
      {
        ...axis,
        size: 40,
        gap: 12,
        space: 64,
        grid: { show: false },
        ...(dated ? dateAxis : indexAxis),
      },
      {
        ...axis,
        size: 56,
        grid: { stroke: colour('--line'), width: 1 },
        values: (_, splits) => splits.map((value) => shortly(value)),
      },
    ],
    series: [{}, barsIn(colour('--bar')), barsIn(colour('--bar-marked'))],
    hooks: {
      setCursor: [({ cursor }) => listener.onPoint(cursor.idx ?? null)],
      drawClear: [(plot) => drawGaps(plot, days, colour('--raised'))],
      draw: [(plot) => drawMarks(plot, days, (mark) => colour(`--state-${mark}`))],
    },
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

function barsIn(colour: string): UPlot.Series {
  const paths = UPlot.paths.bars?.({ size: [0.72, 26], radius: 0.12 });
  const bars = { stroke: colour, fill: colour, width: 0, points: { show: false } };
  return paths === undefined ? bars : { ...bars, paths };
}

function drawGaps(plot: UPlot, days: readonly DayStatus[], colour: string): void {
  const { ctx, bbox } = plot;
  const at = (number: number, day: string) =>
    plot.valToPos(isDate(day) ? number * daySeconds : number, 'x', true);
  ctx.fillStyle = colour;
  for (const [index, { day }] of days.entries()) {
    const before = days[index - 1]?.day ?? day;
    if (numberOf(day) - numberOf(before) < 2) continue;
    const [from, to] = [at(numberOf(before) + 0.5, day), at(numberOf(day) - 0.5, day)];
    const [left, right] = [Math.max(from, bbox.left), Math.min(to, bbox.left + bbox.width)];
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(right - left, 1), bbox.height);
  }
}

function drawMarks(
  plot: UPlot,
  days: readonly DayStatus[],
  colourOf: (mark: string) => string,
): void {
  const { ctx, bbox } = plot;
  const size = 5 * devicePixelRatio;
  const foot = bbox.top + bbox.height;
  for (const status of days) {
    const mark = markOf(status);
    const x = plot.valToPos(placeOf(status.day), 'x', true);
    if (mark === null || x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.fillStyle = colourOf(mark);
    ctx.beginPath();
    ctx.moveTo(x, foot + 1);
    ctx.lineTo(x - size, foot + size * 1.6);
    ctx.lineTo(x + size, foot + size * 1.6);
    ctx.fill();
  }
}

/** Half a day on both sides, so that the first and last bars are not cut off. */
function padded(low: number, high: number, dated: boolean): [number, number] {
  const half = dated ? 0.6 * daySeconds : 0.6;
  return [low - half, high + half];
}

function shortly(value: number): string {
  return new Intl.NumberFormat('en-GB', { notation: 'compact' }).format(value);
}
