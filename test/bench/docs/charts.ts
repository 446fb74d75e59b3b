/** The plots of docs/PERFORMANCE.md, as SVG text. The same results give the same text. */
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { duration, whole } from '../figures.js';
import type { AllMeasured, DayResult, GrowthOfSize, SalesDayResult } from '../results.js';

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** By file name. */
export function chartsOf({ days, growth, http, columns }: AllMeasured): Map<string, string> {
  const charts = new Map<string, string>();
  for (const shape of ['sparse', 'dense'] as const) {
    const ofShape = days.result.days.filter((day) => day.shape === shape);
    const largest = ofShape.at(-1);
    if (largest !== undefined) charts.set(`day-${shape}.svg`, dayChart(largest));
  }
  for (const size of growth.result.sizes) charts.set(`growth-${size.name}.svg`, growthChart(size));
  charts.set('http.svg', httpChart(http.result.subjects));
  const { rows } = columns.result;
  for (const day of columns.result.days)
    charts.set(`sales-${day.format}.svg`, salesChart(day, rows));
  return charts;
}

/** The room of a plot holds the labels of its axes too. */
const withLabels = { outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' } as const;

const own = '#0b7a5c';
const other = '#8a94a6';
const lines = ['#0b7a5c', '#5fbf9f', '#c05a2b', '#3b6fb6', '#8a5bb5', '#b08900'];
const text = { fontFamily: 'Helvetica, Arial, sans-serif', color: '#24292f' };

function dayChart({ shape, orders, contestants }: DayResult): string {
  const bars = contestants.map(({ name, time }) => ({ name, value: time.median }));
  const title = `One ${shape} day of ${whole(orders)} orders: median time, logarithmic`;
  return barChart(title, bars, 'log', duration);
}

function salesChart({ format, contestants }: SalesDayResult, rows: number): string {
  const bars = contestants.map(({ name, time }) => ({ name, value: time.median }));
  const title = `${whole(rows)} rows of ${format}: median time, logarithmic`;
  return barChart(title, bars, 'log', duration);
}

function httpChart(subjects: AllMeasured['http']['result']['subjects']): string {
  const bars = subjects.map(({ name, requestsPerSecond }) => ({
    name,
    value: requestsPerSecond.median,
  }));
  return barChart('Requests per second, median', bars, 'value', whole);
}

interface NamedValue {
  readonly name: string;
  readonly value: number;
}

function barChart(
  title: string,
  bars: readonly NamedValue[],
  scale: 'log' | 'value',
  format: (value: number) => string,
): string {
  const height = 90 + 30 * bars.length;
  return draw(title, height, {
    grid: { left: 48, right: 90, top: 56, bottom: 16, ...withLabels },
    xAxis: {
      type: scale,
      ...(scale === 'log' ? { min: 10 ** Math.floor(Math.log10(smallest(bars))) } : {}),
      axisLabel: { ...text, hideOverlap: true, formatter: scale === 'log' ? tick : whole },
      splitLine: { lineStyle: { color: '#e3e6ea' } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLabel: { ...text, fontSize: 13 },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        barWidth: 18,
        data: bars.map(({ name, value }) => ({
          value,
          itemStyle: { color: isOwn(name) ? own : other },
        })),
        label: {
          ...text,
          show: true,
          position: 'right',
          fontSize: 13,
          formatter: ({ value }: { value: unknown }) => format(Number(value)),
        },
      },
    ],
  });
}

const growthLines = [
  'one-day run',
  'one-day run, less the copy',
  'run with nothing to do',
  'GET /v1/checkpoint',
  'GET /v1/days',
  'GET /v1/days/{day}',
] as const;

function growthChart({ name, histories }: GrowthOfSize): string {
  const title = `Growth with history, ${name} days: median time, both axes logarithmic`;
  return draw(title, 420, {
    color: lines,
    legend: { bottom: 8, textStyle: text, itemGap: 30 },
    grid: { left: 24, right: 48, top: 56, bottom: 84, ...withLabels },
    xAxis: {
      type: 'log',
      min: 10,
      axisLabel: { ...text, formatter: (days: number) => `${whole(days)} days` },
      splitLine: { lineStyle: { color: '#e3e6ea' } },
    },
    yAxis: {
      type: 'log',
      axisLabel: { ...text, formatter: tick },
      splitLine: { lineStyle: { color: '#e3e6ea' } },
    },
    series: growthLines.map((subject) => ({
      type: 'line',
      name: subject,
      symbolSize: 7,
      data: histories.map(({ days, times }) => [days, times[subject].median]),
    })),
  });
}

/** A round number of milliseconds, on an axis. */
function tick(ms: number): string {
  return ms >= 1_000 ? `${whole(ms / 1_000)} s` : `${ms} ms`;
}

function draw(title: string, height: number, option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 760, height });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    textStyle: text,
    title: { text: title, left: 16, top: 14, textStyle: { ...text, fontSize: 15 } },
    ...option,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${still(svg).replace('>', `><title>${title}</title>`)}\n`;
}

/** Without what is only for pointers that hover, and names that count the charts drawn before. */
function still(svg: string): string {
  return svg
    .replace(/<style\b.*?<\/style>\n?/gs, '')
    .replace(/ class="[^"]*"/g, '')
    .replace(/\bzr[0-9]+-/g, 'zr-');
}

function smallest(bars: readonly NamedValue[]): number {
  return Math.min(...bars.map(({ value }) => value));
}

function isOwn(name: string): boolean {
  return name.startsWith('Daymark') || name.includes('/v1/');
}
