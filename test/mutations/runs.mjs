/** Bugs in who shares a run, who stops it, and what its times say. */
const core = (file) => `src/core/${file}`;
const cancels = 'test/core/cancel.test.ts';
const covers = 'test/core/covers.test.ts';
const runs = 'test/core/runs.test.ts';
const clocks = 'test/core/clocks.test.ts';
const http = 'test/http/run.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const runMutations = [
  // ---------------------------------------------------------------- cancel and commit
  {
    id: 'cancel-granted-too-late',
    file: core('commit-gate.ts'),
    replace: '      if (!isPast) controller.abort(status);\n      return !isPast;\n',
    by: '      controller.abort(status);\n      return true;\n',
    why: 'a cancel is answered 202, and the run commits all the same',
    caughtBy: cancels,
  },
  {
    id: 'cancel-lost-before-begin',
    file: core('run-queue.ts'),
    replace: '[starting, working].find(',
    by: '[working].find(',
    why: 'a run that is admitted and has not begun cannot be cancelled',
    caughtBy: cancels,
    only: 'between admission and begin',
  },
  {
    id: 'cancel-too-late-for-a-dry-run',
    file: core('execute-run.ts'),
    replace:
      "      handle.gate.pass();\n      return finish(options, work, first, survey, { kind: 'unchanged' });\n",
    by: "      return finish(options, work, first, survey, { kind: 'unchanged' });\n",
    why: 'a cancel of a dry run that was granted is followed by its success',
    caughtBy: cancels,
  },
  {
    id: 'stop-forgotten-at-the-commit-point',
    file: core('commit-gate.ts'),
    replace: "      if (isInterrupted) controller.abort('interrupted' satisfies Stopped);\n",
    by: '',
    why: 'a service that stops waits for a whole new try after a lost commit',
    caughtBy: cancels,
    only: 'would start over',
  },
  {
    id: 'unknown-outcome-told-as-uncommitted',
    file: core('run-decisions.ts'),
    replace: 'if (error instanceof OutcomeUnknown) {',
    by: 'if (error instanceof OutcomeUnknown && !signal.aborted) {',
    why: 'a run of which no one knows whether it committed is told to be stopped before its commit',
    caughtBy: covers,
  },

  // ---------------------------------------------------------------- keys, and runs that are shared
  {
    id: 'attached-to-a-dry-run',
    file: 'src/model/run.ts',
    replace: '    running.dryRun === asked.dryRun &&\n',
    by: '',
    why: 'the result of a key is a success that committed nothing',
    caughtBy: covers,
  },
  {
    id: 'attached-to-an-older-plan',
    file: core('run-decisions.ts'),
    replace: 'return planned !== null && holds(planned, found, request.dryRun);',
    by: 'return planned !== null || found.unknown.length === 0;',
    why: 'a request that came after a day is attached to a run that does not see it',
    caughtBy: runs,
    only: 'looked before a day came',
  },
  {
    id: 'retry-compared-with-the-shared-run',
    file: core('run-decisions.ts'),
    replace: '  refuseOtherUse(known, asked, request);\n',
    by: '  refuseOtherUse(known, asked && { ...asked, request: known.request }, request);\n',
    why: 'the same request under the same key is refused where its run does more',
    caughtBy: runs,
    only: 'safe to send again',
  },
  {
    id: 'request-of-a-key-forgotten',
    file: 'src/output/run-record.ts',
    replace: 'request: each.request ?? run.request',
    by: 'request: run.request',
    why: 'after a restart a key refuses the request that it was made for',
    caughtBy: 'test/output/run-files.test.ts',
    only: 'as it was saved',
  },
  {
    id: 'run-id-taken-for-a-key',
    file: core('run-decisions.ts'),
    replace: 'if (asked !== null && asksForTheSame(',
    by: 'if (asked === null || asksForTheSame(',
    why: 'the id of a run makes a key that leads to another run than it names',
    caughtBy: runs,
    only: 'cannot be the id',
  },
  {
    id: 'answered-as-another-key',
    file: 'src/http/run-answers.ts',
    replace: 'return seenAs(await datasetOf(request).longPolls.wait(run.id, seconds, reply), run);',
    by: 'return datasetOf(request).longPolls.wait(run.id, seconds, reply);',
    why: 'whoever waits is answered with the key of another caller',
    caughtBy: http,
    only: 'as their key sees the run',
  },
  {
    id: 'not-attached-not-told',
    file: 'src/http/run-answers.ts',
    replace: 'warnings: [...told.warnings, warning]',
    by: 'warnings: [...told.warnings]',
    why: 'a request that waits instead of being attached is not told so',
    caughtBy: http,
    only: 'not attached',
  },

  // ---------------------------------------------------------------- clocks
  {
    id: 'durations-by-the-wall-clock',
    file: core('steady-clock.ts'),
    replace: 'return () => originMs + performance.now();',
    by: 'return () => originMs - originMs + Date.now();',
    why: 'a clock that is put back gives negative durations, and sums that fall',
    caughtBy: clocks,
  },
  {
    id: 'interrupted-before-its-start',
    file: 'src/model/run.ts',
    replace: 'Math.max(Date.now(), Date.parse(run.startedAt ?? run.createdAt))',
    by: 'Date.now()',
    why: 'a run whose process is gone ended before it began',
    caughtBy: clocks,
  },
  {
    id: 'spans-by-the-wall-clock',
    file: 'src/telemetry/tracing/run-spans.ts',
    replace: 'daySpan.endedAtMs = runTrace.now();',
    by: 'daySpan.endedAtMs = Date.now();',
    why: 'a day’s span has no length where the clock was put back',
    caughtBy: 'test/telemetry/run-spans.test.ts',
  },
  {
    id: 'ages-by-the-wall-clock',
    file: 'src/telemetry/survey-gauges.ts',
    replace: 'ages.oldestSeconds(survey.days, performance.now())',
    by: 'ages.oldestSeconds(survey.days, Date.now())',
    why: 'the alert on a day that is pending for long is silent after a clock was put back',
    caughtBy: 'test/telemetry/gauges.test.ts',
  },
  {
    id: 'limits-by-the-wall-clock',
    file: 'src/http/steady-store.ts',
    replace: 'const now = performance.now();',
    by: 'const now = Date.now();',
    why: 'an address is turned away for an hour because the clock was put back by one',
    caughtBy: 'test/http/rate-limits.test.ts',
  },

  // ---------------------------------------------------------------- verify
  {
    id: 'verify-shared-over-another-output',
    file: core('run-decisions.ts'),
    replace: 'return !dryRun || known.output?.sha256 === output?.sha256;',
    by: 'return true;',
    why: 'a caller is told of an output that was there before they asked',
    caughtBy: 'test/core/verify.test.ts',
    only: 'before the output changed',
  },
  {
    id: 'verify-cancelled-beside-others',
    file: core('verify.ts'),
    replace: 'if (dispensable.has(runId) && !waits.has(runId))',
    by: 'if (dispensable.has(runId))',
    why: 'one client that goes away takes the answer from all others',
    caughtBy: 'test/core/verify.test.ts',
    only: 'leaves it to those who wait',
  },
  {
    id: 'verify-takes-runs-of-others-along',
    file: core('verify.ts'),
    replace: 'if (shared || hasEnded(run)) return;',
    by: 'if (hasEnded(run)) return;',
    why: 'a client that goes away cancels a run that someone else began',
    caughtBy: 'test/core/verify.test.ts',
    only: 'that others began',
  },
  {
    id: 'verify-for-read-tokens',
    file: 'src/http/change.ts',
    replace: 'return routeOptions.config?.isCostly === true || !',
    by: 'return !',
    why: 'a read token, or a link on a foreign page, makes the service read every raw file',
    caughtBy: 'test/http/verify.test.ts',
    only: 'needs an operate token',
  },
  {
    id: 'archived-day-is-unreadable',
    file: core('judge.ts'),
    replace: "return outcome !== 'skipped' && ",
    by: 'return ',
    why: 'a day without raw data is called wrong where it was listed',
    caughtBy: 'test/core/judge.test.ts',
    only: 'listed and is archived',
  },
];
