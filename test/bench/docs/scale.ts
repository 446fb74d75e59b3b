/** The measured tables of docs/SCALE.md; all else on that page is written by hand. */
import { size, whole } from '../figures.js';
import {
  datasetsSizes,
  datasetsSubjects,
  type Measured,
  type ServiceOfDatasets,
  scaleSizes,
  scaleSubjects,
} from '../results.js';
import { rowsOf } from '../subjects.js';
import { markdownTable } from './tables.js';

const end = '<!-- end of what was measured -->';

/** The page with its tables as they were measured. Throws where the page has no place for one. */
export function withScale(
  page: string,
  scale: Measured<'scale'>,
  datasets: Measured<'datasets'>,
): string {
  return replaced(replaced(page, 'scale', scaleSection(scale)), 'datasets', datasetsPart(datasets));
}

function replaced(page: string, name: string, section: readonly string[]): string {
  const begin = `<!-- measured: ${name} -->`;
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/SCALE.md has no ${begin} … ${end}`);
  return page.slice(0, from) + [begin, '', ...section, '', ''].join('\n') + page.slice(to);
}

function scaleSection({ facts, result }: Measured<'scale'>): string[] {
  const { histories, starts, looks } = result;
  const head = histories.map(({ days }) => `${whole(days)} days`);
  const table = tableOf(head, rowsOf(scaleSubjects, scaleSizes, histories));
  return [...table, '', ...howMeasured(facts, starts, looks)];
}

function datasetsPart({ facts, result }: Measured<'datasets'>): string[] {
  const { services, starts, looks } = result;
  const table = tableOf(services.map(headOf), rowsOf(datasetsSubjects, datasetsSizes, services));
  return [...table, '', ...howMeasured(facts, starts, looks)];
}

function headOf({ datasets }: ServiceOfDatasets): string {
  return `${whole(datasets)} ${datasets === 1 ? 'dataset' : 'datasets'}`;
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const body = rows.map(([name = '', ...cells]) => [named(name), ...cells]);
  return markdownTable([['', ...head], ...body]);
}

function howMeasured(facts: Measured<'scale'>['facts'], starts: number, looks: number): string[] {
  const when = facts.startedAt.slice(0, 16).replace('T', ' ');
  const changed = facts.modified ? ', modified' : '';
  return [
    `Measured with \`${facts.command}\` at commit \`${facts.commit}\`${changed}, ${when} UTC, load ${facts.loadAtStart} before and`,
    `${facts.loadAtEnd} after: ${facts.cpu}, ${facts.cores} cores, ${size(facts.memoryBytes)} of memory, Node.js ${facts.node.slice(1)}. Medians of ${starts} starts and ${looks} looks.`,
  ];
}

function named(name: string): string {
  return name.replace(/GET \S+|_daymark\//, '`$&`');
}
