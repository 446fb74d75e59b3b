/** Cursors are opaque to callers: the last entry of a page, in base64url. What comes back is checked. */
import { z } from 'zod';
import type { RowCursor } from '../core/control-plane.js';
import type { OutputShape } from '../model/column.js';
import { type Day, type DayLayout, layoutOf } from '../model/day.js';
import { invalidRequest } from './validation.js';

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

export function rowCursor({ day, key, at, after }: RowCursor): string {
  return Buffer.from(JSON.stringify([day, key, at, after])).toString('base64url');
}

export function rowCursorOf(
  { keys, dayKind }: OutputShape,
  cursor: string | undefined,
): RowCursor | null {
  if (cursor === undefined) return null;
  const key = z.array(z.string().nullable()).length(keys.length);
  const parsed = z
    .tuple([z.string(), key, z.int().min(0), key.nullable()])
    .safeParse(parseJson(decode(cursor)));
  const day = parsed.success ? layoutOf(dayKind).parse(parsed.data[0]) : null;
  if (!parsed.success || day === null) throw badCursor();
  const [, told, at, after] = parsed.data;
  return { day, key: told, at, after };
}

function decode(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  // A truncated cursor could name an earlier entry, and the decoder skips anything that is not base64url.
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
    { at: 'cursor', message: 'must be a nextCursor from an answer of this route' },
  ]);
}
