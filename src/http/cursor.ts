/** Cursors are opaque to callers: the last entry of a page, in base64url. What comes back is checked. */
import { z } from 'zod';
import type { RowFilter } from '../core/control-plane.js';
import type { Day, DayLayout } from '../model/day.js';
import { invalidRequest } from './validation.js';

type RowCursor = NonNullable<RowFilter['from']>;

export function runCursor(runId: string): string {
  return Buffer.from(runId).toString('base64url');
}

export function runIdOf(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const id = decode(cursor);
  if (!z.uuid().safeParse(id).success) throw badCursor();
  return id;
}

export function dayCursor(day: Day): string {
  return Buffer.from(day).toString('base64url');
}

export function dayOfCursor(layout: DayLayout, cursor: string | undefined): Day | null {
  if (cursor === undefined) return null;
  const day = layout.parse(decode(cursor));
  if (day === null) throw badCursor();
  return day;
}

export function rowCursor({ day, hour, category, at, after }: RowCursor): string {
  const told = after === null ? [] : [after.hour, after.category];
  return Buffer.from(JSON.stringify([day, hour, category, at, ...told])).toString('base64url');
}

export function rowCursorOf(layout: DayLayout, cursor: string | undefined): RowCursor | null {
  if (cursor === undefined) return null;
  const parsed = rowCursorSchema.safeParse(parseJson(decode(cursor)));
  const day = parsed.success ? layout.parse(parsed.data[0]) : null;
  if (!parsed.success || day === null) throw badCursor();
  const [, hour, category, at = nowhere, ...[toldHour, toldCategory]] = parsed.data;
  const isTold = toldHour !== undefined && toldCategory !== undefined;
  const after = isTold ? { hour: toldHour, category: toldCategory } : null;
  return { day, hour, category, at, after };
}

/** Earlier versions did not say where a row lies: it is looked for from the start of its day. */
const nowhere = Number.MAX_SAFE_INTEGER;

const hour = z.int().min(0).max(23);
const key = [z.string(), hour, z.string()] as const;
const at = z.int().min(0);
const rowCursorSchema = z.union([
  z.tuple([...key]),
  z.tuple([...key, at]),
  z.tuple([...key, at, hour, z.string()]),
]);

function decode(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  // Half of a cursor may name an earlier entry; what is no base64url would be skipped.
  if (bytes.toString('base64url') !== cursor) throw badCursor();
  return bytes.toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badCursor();
  }
}

function badCursor() {
  return invalidRequest([
    { at: 'cursor', message: 'must be a nextCursor as this route answered with it' },
  ]);
}
