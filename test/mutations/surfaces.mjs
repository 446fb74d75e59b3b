/** Bugs by which a person would not be told, or be told that all is well. */
const cli = (file) => `src/cli/${file}`;
const page = (file) => `src/dashboard/${file}`;
const telemetry = (file) => `src/telemetry/${file}`;
const notices = 'test/cli/notices.test.ts';
const words = 'test/dashboard/words.test.ts';
const failures = 'test/client/request-failure.test.ts';
const observer = 'test/telemetry/observer.test.ts';
const gauges = 'test/telemetry/gauges.test.ts';

/** @type {import('./mutation.mjs').Mutation[]} */
export const surfaceMutations = [
  // ---------------------------------------------------------------- log and metrics
  {
    id: 'notice-logged-each-look',
    file: telemetry('notice-log.ts'),
    replace: 'if (!known.has(message)) logger.warn',
    by: 'logger.warn',
    why: 'the log has the same line with every look',
    caughtBy: observer,
  },
  {
    id: 'notices-of-looks-not-logged',
    file: 'src/core/reconciler.ts',
    replace: '    observer.noticed(notices);\n',
    by: '',
    why: 'the log does not say what a look found',
    caughtBy: 'test/core/notices-log.test.ts',
  },
  {
    id: 'notice-gauge-never-falls',
    file: telemetry('survey-gauges.ts'),
    replace: '      for (const code of noticeCodes) this.set({ code }, 0);\n',
    by: '',
    why: 'an alert goes on after its cause is gone',
    caughtBy: gauges,
  },
  {
    id: 'complete-gauge-is-the-checkpoint',
    file: telemetry('survey-gauges.ts'),
    replace: 'indexOf(survey?.checkpoint.completeThrough ?? null)',
    by: 'indexOf(survey?.checkpoint.day ?? null)',
    why: 'the metric calls a day complete below which one is pending',
    caughtBy: gauges,
  },
  // ---------------------------------------------------------------- the core
  {
    id: 'empty-folder-hides-misnamed-ones',
    file: 'src/core/raw-notices.ts',
    replace: '({ files, refused }) => files.length + refused.length > 0',
    by: '() => true',
    why: 'one empty day folder makes a run over misnamed ones succeed',
    caughtBy: notices,
  },
  {
    id: 'one-move-counts-for-each-look',
    file: 'src/core/contention.ts',
    replace: '    last = { output, raw, text };\n    return wasMoved;',
    by: '    if (wasMoved) moves = [...moves, now()];\n    last = { output, raw, text };\n    return wasMoved;',
    why: 'a key that was set once by hand is told as contested',
    caughtBy: 'test/core/contention.test.ts',
  },
  // ---------------------------------------------------------------- the command line
  {
    id: 'no-days-exit-code-of-a-service',
    file: cli('views/run.ts'),
    replace: "error === null || error.type === '/problems/no-days'",
    by: 'error === null',
    why: 'cron tries a run over misnamed folders again and again, as if the service were away',
    caughtBy: notices,
  },
  {
    id: 'no-days-plan-is-empty',
    file: cli('commands/plan.ts'),
    replace: ' || foundNoDay(plan.notices)',
    by: '',
    why: 'plan --exit-code says that all is done where no day was found',
    caughtBy: notices,
  },
  {
    id: 'nothing-pending-beside-no-days',
    file: cli('views/status.ts'),
    replace: "foundNoDay(notices) ? noDay : 'nothing is pending'",
    by: "'nothing is pending'",
    why: 'the status says that nothing is pending where no day was found',
    caughtBy: notices,
  },
  {
    id: 'verify-of-no-day-is-right',
    file: 'src/model/verdict.ts',
    replace: "(run.status === 'failed' && run.error === null)",
    by: "run.status === 'failed'",
    why: 'verify says that the output is right where it compared nothing',
    caughtBy: notices,
  },
  {
    id: 'failed-day-looks-late',
    file: cli('views/why.ts'),
    replace: 'lastError === null ? reason :',
    by: 'lastError !== undefined ? reason :',
    why: 'a day that failed is told as one that came late',
    caughtBy: notices,
  },
  // ---------------------------------------------------------------- the page
  {
    id: 'page-up-to-date-beside-a-notice',
    file: page('model/verdict.ts'),
    replace: '= leads ? lead : ofDays;',
    by: '= ofDays;',
    why: 'the headline says that the output is up to date while another service changes it',
    caughtBy: words,
  },
  {
    id: 'page-takes-unknown-notices-lightly',
    file: page('model/notices.ts'),
    replace: 'return leads[code] ?? unknown;',
    by: "return leads[code] ?? { mood: 'pending', headline: 'The output is up to date' };",
    why: 'a notice of a newer service leaves the headline as it was',
    caughtBy: words,
  },
  {
    id: 'page-complete-is-highest',
    file: page('model/complete.ts'),
    replace: 'if (completeThrough === highest) return null;',
    by: 'if (highest === highest) return null;',
    why: 'the page does not say that a day below the checkpoint is missing',
    caughtBy: words,
  },
  // ---------------------------------------------------------------- all clients
  {
    id: 'page-keeps-a-refused-token',
    file: page('store/session.ts'),
    replace: 'if (account.status === 401 && ',
    by: 'if (account.status === 402 && ',
    why: 'the page never asks for the token that the service wants',
    caughtBy: failures,
  },
  {
    id: 'any-json-is-a-problem',
    file: 'src/client/client.ts',
    replace: "String(body.type).startsWith('/problems/')",
    by: 'String(body.type) !== body',
    why: 'what a proxy answers is told as Daymark’s own account',
    caughtBy: failures,
  },
  {
    id: 'rewind-of-days-without-raw',
    file: 'src/model/rewind.ts',
    replace: 'raw?.ready ?? false;',
    by: 'raw?.ready ?? true;',
    why: 'a rewind marks days whose raw files are gone, which no run can make again',
    caughtBy: 'test/model/rewind.test.ts',
  },
  {
    id: 'silent-service-given-up',
    file: 'src/client/follow-run.ts',
    replace: 'problem === null || problem.status === 503',
    by: 'problem?.status === 503',
    why: 'a service that is started again loses everyone who follows its runs',
    caughtBy: 'test/client/follow-run.test.ts',
    only: 'started again',
  },
  {
    id: 'late-refusal-is-held-against-the-next-token',
    file: page('store/session.ts'),
    replace: 'account.status === 401 && sent === token.peek()',
    by: 'account.status === 401',
    why: 'the page asks again and again for a token that it has, because of an answer to an older one',
    caughtBy: 'test/dashboard/session.test.ts',
    only: 'late refusal',
  },
];
