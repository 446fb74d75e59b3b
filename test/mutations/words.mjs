/** Bugs in what people are told, and in what makes the tests say the same twice. */

/** @type {import('./mutation.mjs').Mutation[]} */
export const wordMutations = [
  {
    id: 'setting-named-in-part',
    file: 'src/core/problems.ts',
    replace: "'DAYMARK_RAW_DIR is missing",
    by: "'RAW_DIR is missing",
    why: 'a setting is looked for that does not exist',
    caughtBy: 'test/words.test.ts',
  },
  {
    id: 'advice-without-url',
    file: 'src/cli/connect.ts',
    replace: "optionsAgain({ url: args.url, 'token-file': args['token-file'] })",
    by: "''",
    why: 'a command that is advised asks another Daymark than the one that advised it',
    caughtBy: 'test/cli/advice.test.ts',
  },
  {
    id: 'advice-in-routes',
    file: 'src/client/client.ts',
    replace: 'text: toCommands(answer.text)',
    by: 'text: answer.text',
    why: 'people at a terminal are told to send requests',
    caughtBy: 'test/cli/advice.test.ts',
  },
  {
    id: 'scrape-without-a-look',
    file: 'src/telemetry/metrics.ts',
    replace: '      await look();\n',
    by: '',
    why: 'an alert hears of a new day a look too late',
    caughtBy: 'test/http/service-routes.test.ts',
  },
  {
    id: 'scrapes-pile-up-looks',
    file: 'src/telemetry/scrape-look.ts',
    replace: '    if (late) return;\n',
    by: '',
    why: 'a mount that hangs takes one thread after the other',
    caughtBy: 'test/http/service-routes.test.ts',
  },
  {
    id: 'problems-behind-the-door',
    file: 'src/http/doors.ts',
    replace: '|problems(\\/:slug)?)?$/',
    by: ')?$/',
    why: 'who has no token cannot read what the refusal means',
    caughtBy: 'test/http/problem-pages.test.ts',
  },
  {
    id: 'files-after-other-mistakes',
    file: 'src/config-files.ts',
    replace: 'const all = [...mistakes, ...(await fileMistakes(config, mistakes))];',
    by: 'const all = mistakes.length > 0 ? mistakes : await fileMistakes(config, mistakes);',
    why: 'a start is tried again and again, one mistake at a time',
    caughtBy: 'test/acceptance/process.test.ts',
  },
  {
    id: 'seed-by-the-clock',
    file: 'test/support/seed.ts',
    replace: "DAYMARK_SOAK === '1' ? Date.now() % 1_000_000_000 : 1",
    by: 'Date.now() % 1_000_000_000',
    why: 'a change fails for what it did not change',
    caughtBy: 'test/support/repeatable.test.ts',
  },
];
