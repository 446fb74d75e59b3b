import { ReplyError } from 'ioredis';

/** Why Redis gave no usable answer. */
export interface Failure {
  /** `silence`: time ran out; `connection`: lost or never made; `reply`: Redis answered with an error. */
  readonly kind: 'silence' | 'connection' | 'reply';
  /** The first word of an error reply, such as WRONGTYPE; null for the other kinds. */
  readonly code: string | null;
  /** For people, in one line. */
  readonly reason: string;
}

/** Another server may stand behind the same name by now, or a new connection may be let in. */
const mayEndElsewhere = new Set([
  'READONLY',
  'NOREPLICAS',
  'LOADING',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'MOVED',
  'ASK',
  'NOAUTH',
]);

export function isWorthReconnecting({ code }: Failure): boolean {
  return code !== null && mayEndElsewhere.has(code);
}

/** The user lacks the right to the command, or the server lacks the command. */
export function isForbidden(error: unknown): boolean {
  return isErrorReply(error) && isForbiddenReply(error.message);
}

/** The same of what became of an exchange, also where a script was refused one of its commands. */
export function forbidsCommand({ kind, reason }: Failure): boolean {
  return kind === 'reply' && isForbiddenReply(reason);
}

function isForbiddenReply(message: string): boolean {
  return /\bNOPERM\b|unknown command|user executing the script|ACL failure in script/i.test(
    message,
  );
}

export function isUnanswered({ kind }: Failure): boolean {
  return kind !== 'reply';
}

export function isWrongType(failure: Failure): boolean {
  return failure.code === 'WRONGTYPE';
}

export function isErrorReply(error: unknown): error is Error {
  return error instanceof ReplyError;
}

export function replyFailure(error: Error): Failure {
  const code = codeOf(error.message);
  return {
    kind: 'reply',
    code,
    reason: `Redis answered: ${oneLine(error.message)}${hintFor(code, error.message)}`,
  };
}

/** Servers before version 7 wrap what a command of a script was answered: `ERR Error running script …: -READONLY …`. */
function codeOf(message: string): string {
  const [first = ''] = message.split(' ', 1);
  const [, wrapped] = /[\s:]-([A-Z]{3,})\b/.exec(message) ?? [];
  return first === 'ERR' && wrapped !== undefined ? wrapped : first;
}

function hintFor(code: string, message: string): string {
  if (/^ERR unknown command '?get'?\b/i.test(message)) {
    return '. If this is a Sentinel, name it in DAYMARK_REDIS_SENTINELS';
  }
  if (code === 'MOVED' || code === 'ASK') {
    return '. This is a node of a cluster: name its nodes in DAYMARK_REDIS_CLUSTER';
  }
  return code === 'READONLY' ? ' (it is a replica)' : '';
}

export function connectionFailure(error: Error): Failure {
  return { kind: 'connection', code: null, reason: `no Redis connection: ${say(error)}` };
}

export const lostConnection: Failure = {
  kind: 'connection',
  code: null,
  reason: 'the connection to Redis was lost',
};

export const lateFailure: Failure = {
  kind: 'silence',
  code: null,
  reason: 'there was no time left to write to Redis',
};

export const silence: Failure = {
  kind: 'silence',
  code: null,
  reason: 'Redis did not answer in time',
};

/** A host with several addresses fails with an error for each, under one without a message. */
function say(error: Error): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  const text = errors.map((each) => (each instanceof Error ? each.message : each)).join('; ');
  // It differs on each try, and would be logged each time.
  return oneLine(text.replace(/ Retrying from scratch after \d+ms\./, ''));
}

const longestReason = 200;

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestReason);
}
