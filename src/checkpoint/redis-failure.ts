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

/** Error replies that say nothing about the one command: everything else would be refused as well. */
const concernsEveryCommand = new Set([
  'NOAUTH',
  'WRONGPASS',
  'LOADING',
  'BUSY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'MOVED',
]);

/** Whether asking Redis anything else can wait until a probe was answered. */
export function affectsEveryCommand({ kind, code }: Failure): boolean {
  return kind !== 'reply' || (code !== null && concernsEveryCommand.has(code));
}

/** Reads work, but Redis does not take this write. */
export function refusesOneCommand(failure: Failure): boolean {
  return failure.kind === 'reply' && !affectsEveryCommand(failure);
}

export function isWrongType(failure: Failure): boolean {
  return failure.code === 'WRONGTYPE';
}

export function isErrorReply(error: unknown): error is Error {
  return error instanceof ReplyError;
}

export function replyFailure(error: Error): Failure {
  const [code = ''] = error.message.split(' ', 1);
  return { kind: 'reply', code, reason: `Redis answered: ${oneLine(error.message)}` };
}

export function connectionFailure(error: Error): Failure {
  return { kind: 'connection', code: null, reason: `no Redis connection: ${say(error)}` };
}

export const lostConnection: Failure = {
  kind: 'connection',
  code: null,
  reason: 'the connection to Redis was lost',
};

export const silence: Failure = {
  kind: 'silence',
  code: null,
  reason: 'Redis did not answer in time',
};

/** A host with several addresses fails with an error for each, under one without a message. */
function say(error: Error): string {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error];
  return oneLine(errors.map((each) => (each instanceof Error ? each.message : each)).join('; '));
}

const longestReason = 200;

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, longestReason);
}
