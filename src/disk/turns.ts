/**
 * Who may ask a file system now. A question holds a thread of libuv's pool until it is answered, all of the process
 * has four of them, and a mount that hangs answers none. So what hangs together is asked in turns:
 *
 * - no more than half of the threads are given to it, and one of those at most to what may take long;
 * - a second question begins only where it answered a moment ago, and where threads are left for others;
 * - what is not on a disk of this machine never has the last thread, however many mounts hang.
 *
 * A file system that answers is not slowed: half of the threads are kept busy from its first answer on.
 */
import { type Answerer, answererOf, refreshMounts } from './answerer.js';

/** As libuv reads it. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
const mostForOne = Math.max(1, Math.floor(threads / 2));
const mostForRemote = Math.max(1, threads - 1);
/** A further question at one place leaves as many threads as this. */
const leftForOthers = 2;

const aMomentMs = 100;

/** Mounts that come and go are noticed as soon, also by what waits already. */
const lookAgainMs = 250;

/** A question that waits for its turn, or has it. */
export interface Turn {
  readonly path: string;
  /** Whether it may take long by itself, as bringing much to stable storage does. */
  readonly isLong: boolean;
  /** When the place that it asks answered last. */
  answeredAtMs(): number;
  /** At its end, whatever came of it. */
  end(): void;
}

/** Those who ask one file system. */
interface Lane extends Pick<Answerer, 'isRemote'> {
  short: number;
  long: number;
  answeredAtMs: number;
  /** The one that came first comes first. */
  readonly waiting: Question[];
}

interface Question extends Pick<Turn, 'path' | 'isLong'> {
  lane: Lane;
  /** Null once it has its turn. */
  begin: (() => void) | null;
}

/** By the name of who answers. */
let lanes = new Map<string, Lane>();
/** In the order in which they came. */
const questions = new Set<Question>();
let lookAgain: NodeJS.Timeout | undefined;

/** Calls `begin` when it is its turn, be it at once. */
export function takeTurn(path: string, isLong: boolean, begin: () => void): Turn {
  if (refreshMounts()) assignAll();
  const question: Question = { path, isLong, lane: laneOf(path), begin };
  questions.add(question);
  enter(question);
  serve(question.lane);
  if (question.begin !== null) lookAgain ??= setInterval(look, lookAgainMs).unref();
  return {
    path,
    isLong,
    answeredAtMs: () => question.lane.answeredAtMs,
    end: () => {
      const { lane } = question;
      questions.delete(question);
      lane[kindOf(question)] -= 1;
      lane.answeredAtMs = performance.now();
      serve(lane);
      serveOthers();
    },
  };
}

const kindOf = ({ isLong }: Pick<Turn, 'isLong'>) => (isLong ? 'long' : 'short');

function enter(question: Question): void {
  const { lane } = question;
  if (question.begin === null) lane[kindOf(question)] += 1;
  else lane.waiting.push(question);
}

function laneOf(path: string): Lane {
  const { name, isRemote } = answererOf(path);
  const known = lanes.get(name);
  if (known !== undefined) return known;
  const answeredAtMs = Number.NEGATIVE_INFINITY;
  const lane: Lane = { isRemote, short: 0, long: 0, answeredAtMs, waiting: [] };
  lanes.set(name, lane);
  return lane;
}

/** Where mounts came or went, each question belongs to who answers it by now. */
function assignAll(): void {
  const before = lanes;
  lanes = new Map();
  for (const question of questions) {
    question.lane = laneOf(question.path);
    enter(question);
  }
  for (const [name, { answeredAtMs }] of before) {
    const lane = lanes.get(name);
    if (lane !== undefined) lane.answeredAtMs = answeredAtMs;
  }
}

function look(): void {
  if (refreshMounts()) assignAll();
  serveOthers();
  if ([...questions].some(({ begin }) => begin !== null)) return;
  clearInterval(lookAgain);
  lookAgain = undefined;
}

function serveOthers(): void {
  for (const lane of lanes.values()) serve(lane);
}

function serve(lane: Lane): void {
  for (;;) {
    const next = lane.waiting.findIndex((each) => mayBegin(lane, each));
    const [question] = next === -1 ? [] : lane.waiting.splice(next, 1);
    if (question === undefined) return;
    const { begin } = question;
    question.begin = null;
    enter(question);
    begin?.();
  }
}

function mayBegin(lane: Lane, { isLong }: Question): boolean {
  const open = lane.short + lane.long;
  if (open >= mostForOne) return false;
  if (lane.isRemote && asked(({ isRemote }) => isRemote) >= mostForRemote) return false;
  // The first in any case, since it is by answers that a place is known to answer.
  if (open === 0) return true;
  if (isLong) return lane.long === 0 && asked() < threads - 1;
  const isAnswering = performance.now() - lane.answeredAtMs < aMomentMs;
  return (lane.short === 0 || isAnswering) && asked() < threads - leftForOthers;
}

function asked(which: (lane: Lane) => boolean = () => true): number {
  let sum = 0;
  for (const lane of lanes.values()) if (which(lane)) sum += lane.short + lane.long;
  return sum;
}
