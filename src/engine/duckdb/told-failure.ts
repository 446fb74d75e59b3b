/** What DuckDB throws, told apart by its type of exception. */
import { DuckFailure, type DuckFailureKind } from './duckdb.js';
import type { ToldFailure } from './messages.js';

const kinds: Readonly<Record<string, DuckFailureKind>> = {
  Parser: 'query',
  Syntax: 'query',
  Binder: 'query',
  Catalog: 'query',
  'Parameter Not Resolved': 'query',
  'Parameter Not Allowed': 'query',
  'Not implemented': 'query',
  Expression: 'query',
  Planner: 'query',
  Dependency: 'query',
  Permission: 'refused',
  'Out of Memory': 'memory',
};

/** After these, nothing that the process says can be relied on. */
const broken = new Set(['INTERNAL', 'FATAL', 'Serialization', 'Unknown Type']);

/** Has no room to spill. DuckDB gives these no type of their own. */
const noRoom = /max_temp_directory_size|No space left on device|failed to offload/i;

const locked =
  /configuration has been locked|disabled by configuration|disabled through configuration/;

interface Thrown {
  readonly type: string;
  readonly message: string;
  /** In bytes of UTF-8. */
  readonly position: number | null;
}

/** Null where it is not about the query: DuckDB itself is broken. */
export function toldFailure(error: unknown): ToldFailure | null {
  if (error instanceof DuckFailure)
    return { kind: error.kind, message: error.message, at: error.at };
  const { type, message } = thrownBy(error);
  return broken.has(type) ? null : { kind: kindOf(type, message), message, at: null };
}

/** What DuckDB threw as it read `text`, with the place of the mistake in it. */
export function misunderstood(error: unknown, text: string): unknown {
  if (error instanceof DuckFailure) return error;
  const { type, message, position } = thrownBy(error);
  // It stumbles over a text without any statement.
  if (type === '') return new DuckFailure('query', 'there is no statement');
  const kind = kindOf(type, message);
  if (kind !== 'query' || position === null) return error;
  return new DuckFailure(kind, message, placeIn(text, position));
}

function kindOf(type: string, message: string): DuckFailureKind {
  if (locked.test(message)) return 'refused';
  if (noRoom.test(message)) return 'memory';
  return kinds[type] ?? 'data';
}

function thrownBy(error: unknown): Thrown {
  const text = error instanceof Error ? error.message : String(error);
  const json = text.indexOf('{"exception_type"');
  try {
    const told = JSON.parse(text.slice(json));
    const position = Number(told.position ?? Number.NaN);
    return {
      type: String(told.exception_type),
      message: shortened(String(told.exception_message)),
      position: Number.isInteger(position) ? position : null,
    };
  } catch {
    // Some errors of the binding have no JSON: `Binder Error: …`.
    const [, type = '', message = text] = /^([A-Z][A-Za-z ]*?) Error: (.*)$/s.exec(text) ?? [];
    return { type, message, position: null };
  }
}

/** Without DuckDB's advice, which is to change settings that are locked. */
function shortened(message: string): string {
  const [first = ''] = message.split(/\n\nPossible solutions/);
  return first.trim();
}

/** The place of a byte in a text: of the character that it begins. */
function placeIn(text: string, byte: number): number | null {
  const bytes = Buffer.from(text);
  return byte > bytes.length ? null : bytes.toString('utf8', 0, byte).length;
}
