import type { Checkpoint, Rewind } from '../../client/types.js';
import { countOf, size } from '../../client/words.js';
import type { Output } from '../console.js';
import { factList } from '../table.js';
import { listed, numeral } from '../words.js';
import { viewNotices } from './notices.js';

export function viewCheckpoint(out: Output, { output, ...checkpoint }: Checkpoint): string {
  const { rows, bytes, days, version } = output;
  const held =
    bytes === null
      ? 'none yet'
      : `${countOf(days, 'day')} · ${numeral(rows)} rows · ${size(bytes)} · commit ${version}`;
  return (
    factList(out, [...checkpointFacts(checkpoint), ['output', held]]) +
    viewNotices(out, checkpoint.notices)
  );
}

type Facts = Omit<Checkpoint, 'output'>;

/** Shows both days if they differ. */
export function checkpointFacts(checkpoint: Facts): string[][] {
  const { day, highest, completeThrough } = checkpoint;
  const isWhole = completeThrough === highest;
  const upTo =
    completeThrough === null
      ? 'through no day: the first is pending, waiting or damaged'
      : `through day ${completeThrough}: the one above it is pending, waiting or damaged`;
  return [
    ['checkpoint', describeCheckpoint(checkpoint)],
    ...(day === highest ? [] : [['highest', `day ${highest}`]]),
    ...(isWhole ? [] : [['complete', upTo]]),
  ];
}

export function describeCheckpoint(checkpoint: Facts): string {
  const { day, reading, repaired } = checkpoint;
  return [
    day === null ? 'none' : `day ${day}`,
    reading,
    describeStored(checkpoint),
    ...(repaired ? ['repaired'] : []),
  ].join(' · ');
}

/** If the value is not a day, its beginning is enough. */
const mostTold = 80;

function cutFrom(sizeBytes: number | undefined): string {
  return sizeBytes === undefined ? '' : ` and more, ${sizeBytes} bytes in all`;
}

function describeStored({ stored, storedStatus, storedType, storedBytes }: Facts): string {
  switch (storedStatus) {
    case 'value':
      return `the store held ${JSON.stringify(stored?.slice(0, mostTold))}${cutFrom(storedBytes)}`;
    case 'absent':
      return 'the store held nothing';
    case 'wrong-type':
      return `the store holds a ${storedType} under the key`;
    case 'unavailable':
      return 'the store did not answer';
    default:
      return storedStatus satisfies never;
  }
}

export const whatMarkingMeans =
  'the next run processes them again from their raw files; their rows stay until then';

export function viewRewind({ day, marked, untouched, commit }: Rewind): string {
  const lines = [
    `checkpoint  ${day === null ? 'none' : `day ${day}`}`,
    `marked      ${marked.length === 0 ? 'no day' : `${listed(marked)} (${whatMarkingMeans})`}`,
    ...untouched.map((each) => `untouched   ${each.day}: ${each.reason}`),
    ...(commit === null ? [] : [`commit      ${commit}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
