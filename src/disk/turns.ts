/**
 * Which file operation may begin now. Each blocks a thread of libuv's pool until the file system responds, the process
 * has four threads, and a mount that hangs never responds. So operations on mounts that hang together take turns:
 *
 * - they get at most half of the threads, and slow operations at most one of those;
 * - a second operation begins only if the file system responded a moment ago, and if threads are left for others;
 * - a file system that is not on a local disk never gets the last thread, however many mounts hang.
 *
 * A file system that responds is not slowed down: it keeps half of the threads busy from its first response on.
 */
import { type Answerer, answererOf, refreshMounts } from './answerer.js';

/** As libuv reads it. */
const threads = Number(process.env['UV_THREADPOOL_SIZE']) || 4;
const mostForOne = Math.max(1, Math.floor(threads / 2));
const mostForRemote = Math.max(1, threads - 1);
/** A second operation on one file system leaves this many threads free. */
const leftForOthers = 2;

const aMomentMs = 100;

/** How soon new and removed mounts are noticed, also by operations that already wait. */
const lookAgainMs = 250;

/** An operation that waits for its turn, or has it. */
export interface Turn {
  /** Null if it may begin at once. */
  readonly begins: Promise<void> | null;
  /** When it began, or as long as it waits, when its file system last responded. */
  sinceMs(): number;
  /** Called at its end, whether it succeeded or failed. */
  end(): void;
}

/** The operations on one file system. */
interface Lane extends Pick<Answerer, 'isRemote'> {
  short: number;
  long: number;
  answeredAtMs: number;
  /** First come, first served. */
  readonly waiting: Question[];
}

class Question implements Turn {
  lane: Lane;
  begins: Promise<void> | null = null;
  readonly #cameAtMs = performance.now();
  #beganAtMs: number | null = null;
  #begin = () => {};

  constructor(
    readonly path: string,
    /** Whether it may be slow by nature, such as an fsync of much data. */
    readonly isLong: boolean,
  ) {
    this.lane = laneOf(path);
  }

  get hasBegun(): boolean {
    return this.#beganAtMs !== null;
  }

  sinceMs(): number {
    return this.#beganAtMs ?? Math.max(this.#cameAtMs, this.lane.answeredAtMs);
  }

  begin(): void {
    this.#beganAtMs = performance.now();
    enter(this);
    this.#begin();
  }

  wait(): void {
    this.begins = new Promise((resolve) => {
      this.#begin = resolve;
    });
    lookAgain ??= setInterval(look, lookAgainMs).unref();
  }

  end(): void {
    const { lane } = this;
    questions.delete(this);
    lane[kindOf(this)] -= 1;
    lane.answeredAtMs = performance.now();
    serve(lane);
    serveOthers();
  }
}

/** By the name of the file system that responds. */
let lanes = new Map<string, Lane>();
/** In the order of arrival. */
const questions = new Set<Question>();
let lookAgain: NodeJS.Timeout | undefined;

export function takeTurn(path: string, isLong: boolean): Turn {
  if (refreshMounts()) assignAll();
  const question = new Question(path, isLong);
  questions.add(question);
  enter(question);
  serve(question.lane);
  if (!question.hasBegun) question.wait();
  return question;
}

const kindOf = ({ isLong }: Pick<Question, 'isLong'>) => (isLong ? 'long' : 'short');

function enter(question: Question): void {
  const { lane } = question;
  if (question.hasBegun) lane[kindOf(question)] += 1;
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

/** After mounts changed, assigns each operation to the file system that responds now. */
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
  if ([...questions].some(({ hasBegun }) => !hasBegun)) return;
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
    question.begin();
  }
}

function mayBegin(lane: Lane, { isLong }: Question): boolean {
  const open = lane.short + lane.long;
  if (open >= mostForOne) return false;
  if (lane.isRemote && asked(({ isRemote }) => isRemote) >= mostForRemote) return false;
  // The first in any case, since only responses show that a file system responds.
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
