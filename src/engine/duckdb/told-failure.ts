/** What DuckDB throws, told apart by its type of exception. */
import { DuckFailure, type DuckFailureKind } from './duckdb.js';
import type { ToldFailure } from './messages.js';
import { mistakeAt } from './places.js';

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
  'Missing Extension': 'refused',
  Autoload: 'refused',
  HTTP: 'refused',
  Network: 'refused',
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
  /** In bytes of UTF-8; NaN if it is not known. */
  readonly position: number;
}

/** Null where it is not about the query: DuckDB itself is broken. `spillFolder` has the files that it spills to. */
export function toldFailure(error: unknown, spillFolder: string): ToldFailure | null {
  if (error instanceof DuckFailure)
    return { kind: error.kind, message: error.message, at: error.at };
  const { type, message } = thrownBy(error);
  if (broken.has(type)) return null;
  // The folder may be full, read-only or gone. Its errors are those of any file, but no raw file is to blame.
  if (noRoom.test(message) || message.includes(spillFolder)) {
    const room = `the folder for temporary files is ${spillFolder}`;
    return { kind: 'memory', message: `${firstLineOf(message)}; ${room}`, at: null };
  }
  return { kind: kindOf(type, message), message, at: null };
}

/** What DuckDB threw as it looked `text` over, with the place of the mistake in it. */
export function misunderstood(error: unknown, text: string): unknown {
  const { type, message, position } = thrownBy(error);
  return kindOf(type, message) === 'query' ? mistakeAt(text, message, position) : error;
}

function kindOf(type: string, message: string): DuckFailureKind {
  if (locked.test(message)) return 'refused';
  return kinds[type] ?? 'data';
}

function thrownBy(error: unknown): Thrown {
  const text = error instanceof Error ? error.message : String(error);
  const json = text.indexOf('{"exception_type"');
  try {
    const told = JSON.parse(text.slice(json));
    return {
      type: String(told.exception_type),
      message: shortened(String(told.exception_message)),
      position: Number(told.position ?? Number.NaN),
    };
  } catch {
    // Some errors of the binding have no JSON: `Binder Error: …`.
    const [, type = '', message = text] = /^([A-Z][A-Za-z ]*?) Error: (.*)$/s.exec(text) ?? [];
    return { type, message, position: Number.NaN };
  }
}

/** Without DuckDB's advice, which is to change settings that are locked. */
function shortened(message: string): string {
  const [first = ''] = message.split(/\n\n?(?:Possible solutions|Please try installing)/);
  return first.trim();
}

function firstLineOf(message: string): string {
  return message.replace(/\.?\n.*$/s, '');
}
