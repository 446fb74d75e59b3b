/**
 * Spans of runs and of what happens in them.
 *
 *   request ─▶ reconcile
 *           └▶ run ─▶ day, for each that is aggregated
 *                  ├▶ reconcile, after a wait in the queue or a lost commit
 *                  ├▶ commit
 *                  └▶ move checkpoint
 *
 * What became of a day is known when its run ends, so its span is held until then and ended in arrears.
 */
import {
  type Context,
  context,
  createContextKey,
  type Link,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Engine, EngineSession } from '../../core/ports/engine.js';
import { createSteadyClock, type SteadyClock } from '../../core/steady-clock.js';
import type { Survey } from '../../core/survey.js';
import type { Day } from '../../model/day.js';
import type { Run, RunDay } from '../../model/run.js';
import { dayAttributes, runAttributes, surveyAttributes } from './attributes.js';
import type { DatasetTracing } from './tracing.js';

/** All that is needed of a tracer. */
type Spanner = Pick<Tracer, 'startSpan'>;

interface DaySpan {
  readonly span: Span;
  endedAtMs: number | null;
}

interface RunTrace {
  readonly span: Span;
  /** Of all that is timed here in the run: what it holds back is ended by it, too. */
  readonly now: SteadyClock;
  /** A day that was aggregated again, after a lost commit, has several. */
  readonly days: Map<Day, DaySpan[]>;
}

/** More callers of one queued run than these are not named in its span. */
const maxCallers = 64;

const runKey = createContextKey('daymark run');

type RunSpans = Pick<DatasetTracing, 'controlPlane' | 'observer' | 'engine' | 'runScope'>;

export function createRunSpans(tracer: Spanner): RunSpans {
  const runs = new Map<string, RunTrace>();
  /** The requests for a run that has not begun; the first is its parent, the others are linked. */
  const callers = new Map<string, Context[]>();

  const remember = ({ id, status }: Run) => {
    if (status !== 'queued' || trace.getActiveSpan() === undefined) return;
    const known = callers.get(id) ?? [];
    if (known.length < maxCallers) callers.set(id, [...known, context.active()]);
  };

  return {
    controlPlane: (controlPlane) => ({
      ...controlPlane,
      submit: async (request, options) => {
        const submission = await controlPlane.submit(request, options);
        remember(submission.run);
        return submission;
      },
    }),

    runScope: (run, work) => {
      const [parent = context.active(), ...others] = callers.get(run.id) ?? [];
      callers.delete(run.id);
      const now = createSteadyClock();
      const begun = { startTime: now(), links: others.flatMap(linkTo) };
      const span = tracer.startSpan('run', begun, parent);
      const runTrace: RunTrace = { span, now, days: new Map() };
      runs.set(run.id, runTrace);
      return context.with(trace.setSpan(parent, span).setValue(runKey, runTrace), work);
    },

    engine: (engine) => ({
      ...engine,
      aggregate: inDaySpan(tracer, engine.aggregate),
      ...(engine.session && {
        session: (...begun) => {
          const session = engine.session?.(...begun) as EngineSession;
          return { ...session, aggregate: inDaySpan(tracer, session.aggregate) };
        },
      }),
    }),

    observer: (observer) => ({
      ...observer,
      reconciled: (survey, durationMs) => {
        observer.reconciled(survey, durationMs);
        spanOfReconcile(tracer, survey, durationMs);
      },
      dayFinished: (run, day) => {
        observer.dayFinished(run, day);
        const runTrace = runs.get(run.id);
        if (runTrace !== undefined) describeDay(tracer, runTrace, run, day);
      },
      runFinished: (run) => {
        observer.runFinished(run);
        callers.delete(run.id);
        const runTrace = runs.get(run.id);
        runs.delete(run.id);
        if (runTrace !== undefined) return endRun(runTrace, run);
        // One with nothing to do is over before it begins: the request that asked for it says so.
        trace.getActiveSpan()?.setAttributes(runAttributes(run));
      },
    }),
  };
}

/** Where an engine reads many days at once, a day's span is the wait for its result. */
function inDaySpan(tracer: Spanner, aggregate: Engine['aggregate']): Engine['aggregate'] {
  return async (job) => {
    const runTrace = context.active().getValue(runKey) as RunTrace | undefined;
    if (runTrace === undefined) return aggregate(job);
    const span = tracer.startSpan('day', { startTime: runTrace.now() });
    const daySpan: DaySpan = { span, endedAtMs: null };
    spansOf(runTrace, job.day).push(daySpan);
    const inDay = trace.setSpan(context.active(), daySpan.span);
    try {
      return await context.with(inDay, () => aggregate(job));
    } finally {
      daySpan.endedAtMs = runTrace.now();
    }
  };
}

function linkTo(caller: Context): Link[] {
  const span = trace.getSpan(caller);
  return span === undefined ? [] : [{ context: span.spanContext() }];
}

/** Background looks happen every minute, and do not create traces. */
function spanOfReconcile(tracer: Spanner, survey: Survey, durationMs: number): void {
  if (trace.getActiveSpan() === undefined) return;
  const now = Date.now();
  const startTime = now - durationMs;
  tracer.startSpan('reconcile', { startTime, attributes: surveyAttributes(survey) }).end(now);
}

/** A day that no engine saw, because its files are refused, has a span without length. */
function describeDay(tracer: Spanner, runTrace: RunTrace, run: Run, day: RunDay): void {
  const seen = spansOf(runTrace, day.day);
  if (seen.length === 0 && day.outcome !== 'skipped') {
    const inRun = trace.setSpan(context.active(), runTrace.span);
    const startTime = runTrace.now();
    const empty = tracer.startSpan('day', { startTime }, inRun);
    seen.push({ span: empty, endedAtMs: startTime });
  }
  for (const each of seen) {
    each.span.setAttributes(dayAttributes(run, day));
    if (day.error !== undefined) fail(each.span, day.error.detail);
  }
}

function spansOf({ days }: RunTrace, day: Day): DaySpan[] {
  const known = days.get(day) ?? [];
  days.set(day, known);
  return known;
}

function endRun({ span, now, days }: RunTrace, run: Run): void {
  for (const [day, spans] of days) {
    for (const { span: daySpan, endedAtMs } of spans) {
      daySpan.setAttribute('daymark.day', day);
      daySpan.end(endedAtMs ?? now());
    }
  }
  span.setAttributes(runAttributes(run));
  if (run.status === 'failed') fail(span, run.error?.detail ?? 'a day failed');
  span.end(now());
}

function fail(span: Span, message: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}
