/** The measured tables of docs/SCALE.md; all else on that page is written by hand. */
import { duration, size, whole } from '../figures.js';
import { type Measured, type ScaleOfHistory, scaleSizes, scaleSubjects } from '../results.js';
import { markdownTable } from './tables.js';

const begin = '<!-- measured: scale -->';
const end = '<!-- end of what was measured -->';

/** The page with its table as `measured` has it. Throws where the page has no place for it. */
export function withScale(page: string, measured: Measured<'scale'>): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/SCALE.md has no ${begin} … ${end}`);
  const lines = [begin, '', ...sectionOf(measured), '', ''];
  return page.slice(0, from) + lines.join('\n') + page.slice(to);
}

function sectionOf({ facts, result }: Measured<'scale'>): string[] {
  const { histories, starts, looks } = result;
  const when = facts.startedAt.slice(0, 16).replace('T', ' ');
  const changed = facts.modified ? ', modified' : '';
  return [
    ...scaleTable(histories),
    '',
    `Measured with \`${facts.command}\` at commit \`${facts.commit}\`${changed}, ${when} UTC, load ${facts.loadAtStart} before and`,
    `${facts.loadAtEnd} after: ${facts.cpu}, ${facts.cores} cores, ${size(facts.memoryBytes)} of memory, Node.js ${facts.node.slice(1)}. Medians of ${starts} starts and ${looks} looks.`,
  ];
}

function scaleTable(histories: readonly ScaleOfHistory[]): string[] {
  const head = histories.map(({ days }) => `${whole(days)} days`);
  const times = scaleSubjects.map((name) => [
    named(name),
    ...histories.map((each) => duration(each.times[name].median)),
  ]);
  const sizes = scaleSizes.map((name) => [
    named(name),
    ...histories.map(({ bytes }) => (bytes[name] === null ? 'unknown' : size(bytes[name]))),
  ]);
  return markdownTable([['', ...head], ...times, ...sizes]);
}

function named(name: string): string {
  return name.replace(/GET \S+|_daymark\//, '`$&`');
}
