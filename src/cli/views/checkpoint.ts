import type { CheckpointAnswer, RewindAnswer } from '../../http/schemas/checkpoint.js';
import { counted, listed, numeral, size } from '../words.js';

export function viewCheckpoint({ output, ...checkpoint }: CheckpointAnswer): string {
  const { rows, bytes, days, version } = output;
  const held =
    bytes === null
      ? 'none yet'
      : `${counted(days, 'day')} · ${numeral(rows)} rows · ${size(bytes)} · commit ${version}`;
  return `checkpoint  ${describeCheckpoint(checkpoint)}\noutput      ${held}\n`;
}

export function describeCheckpoint(checkpoint: Omit<CheckpointAnswer, 'output'>): string {
  const { day, reading, repaired } = checkpoint;
  return [
    day === null ? 'none' : `day ${day}`,
    reading,
    describeStored(checkpoint),
    ...(repaired ? ['repaired'] : []),
  ].join(' · ');
}

function describeStored({
  stored,
  storedStatus,
  storedType,
}: Omit<CheckpointAnswer, 'output'>): string {
  switch (storedStatus) {
    case 'value':
      return `the store held ${JSON.stringify(stored)}`;
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

export function viewRewind({ day, marked, untouched, commit }: RewindAnswer): string {
  const lines = [
    `checkpoint  ${day === null ? 'none' : `day ${day}`}`,
    `marked      ${marked.length === 0 ? 'no day' : `${listed(marked)} (the next run makes them anew; their rows stay until then)`}`,
    ...untouched.map((each) => `untouched   ${each.day}: ${each.reason}`),
    ...(commit === null ? [] : [`commit      ${commit}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
