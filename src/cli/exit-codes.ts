/**
 * The exit codes, for cron, scripts and schedulers. Stable; `docs/CLI.md` has the same table, and a test keeps the two
 * in step.
 */
export const exitCodes = {
  ok: 0,
  found: 1,
  usage: 2,
  unavailable: 3,
  refused: 4,
  unfinished: 5,
  defect: 70,
  config: 78,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** One sentence each. */
export const exitMeanings: Record<keyof typeof exitCodes, string> = {
  ok: 'done, and nothing is wrong',
  found:
    'done, and the data is wrong: a day failed or differs, no day was found, the checkpoint had drifted',
  usage: 'the command line is wrong; nothing was done',
  unavailable: 'not now: no answer, files that cannot be reached, or another active run; try again',
  refused: 'refused: a wrong token, a day or run that does not exist, an impossible rewind',
  unfinished:
    'the --wait time ended before the run did: on a server the run goes on, without one it was cancelled',
  defect: 'something broke inside Daymark',
  config: 'the settings are not valid, or the output’s folder is unsuitable',
  interrupted: 'stopped by Ctrl-C; the run was cancelled',
  terminated: 'stopped by SIGTERM or SIGHUP; the run was cancelled',
};
