import type { RewindReport } from '../../core/control-plane.js';
import type { OutputState } from '../../core/ports/output.js';
import type { Survey } from '../../core/survey.js';
import type { CheckpointStatus, StoredCheckpoint } from '../../model/checkpoint.js';
import type { CheckpointAnswer, RewindAnswer } from '../schemas/checkpoint.js';

export function viewCheckpoint({
  checkpoint,
  output,
  repaired,
  notices,
}: Survey): CheckpointAnswer {
  const { day, highest, completeThrough, reading, stored } = checkpoint;
  return {
    day,
    highest,
    completeThrough,
    reading,
    stored: stored.status === 'value' ? told(stored) : null,
    storedStatus: stored.status,
    ...(stored.status === 'value' && stored.cutFromBytes !== undefined
      ? { storedBytes: stored.cutFromBytes }
      : {}),
    ...(stored.status === 'wrong-type' ? { storedType: stored.type } : {}),
    output: {
      days: output.days.size,
      rows: totalRows(output),
      bytes: output.sizeBytes,
      version: output.version,
    },
    repaired,
    notices,
  };
}

export function viewRewind(report: RewindReport): RewindAnswer {
  const { marked, untouched, commit } = report;
  const { day, reading } = report.checkpoint;
  return { day, reading, marked, untouched, commit };
}

/** Of a value that is far too long for a day, only the beginning is shown. */
const mostTold = 256;

function told({ text, cutFromBytes }: Extract<StoredCheckpoint, { status: 'value' }>): string {
  return cutFromBytes === undefined ? text : text.slice(0, mostTold);
}

/** Null if the store held the right value (or is the embedded one, which cannot drift). */
export function describeDrift({ day, reading, stored }: CheckpointStatus): string | null {
  if (reading === 'in-sync' || reading === 'embedded') return null;
  const right = day === null ? 'no checkpoint at all' : `checkpoint ${day}`;
  return `The reading is ${reading}: the store ${describeStored(stored)}; the output says ${right}.`;
}

function describeStored(stored: StoredCheckpoint): string {
  switch (stored.status) {
    case 'value':
      return `held ${JSON.stringify(stored.text.slice(0, 80))}`;
    case 'absent':
      return 'held nothing';
    case 'wrong-type':
      return `holds a ${stored.type} under the key`;
    case 'unavailable':
      return `did not answer (${stored.reason})`;
    default:
      return stored satisfies never;
  }
}

/** The checkpoint is requested far more often than the output changes. */
const rowTotals = new WeakMap<OutputState['days'], number>();

function totalRows({ days }: OutputState): number {
  const known = rowTotals.get(days);
  if (known !== undefined) return known;
  let total = 0;
  for (const { rows } of days.values()) total += rows;
  rowTotals.set(days, total);
  return total;
}
