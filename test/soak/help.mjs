/** What `--help` prints. */
import { longFromMinutes, suites } from './suites.mjs';

const namesOf = (isListed) =>
  suites
    .filter(isListed)
    .map(({ name }) => `  ${name}`)
    .join('\n');

export const help = `Attacks the promises for as long as it is told to, and stops at the first that breaks.

Usage: npm run test:soak -- [options] [part of a suite’s name …]

  --minutes NUMBER  how long; the suite under way is finished (DAYMARK_SOAK_MINUTES, else 30)
                    from ${longFromMinutes} on, every suite runs its long variant
  --seed INTEGER    of the first round; each next round adds 1 (DAYMARK_SOAK_SEED, else by the clock)
  --help            this text

Suites that run once, as they try all that there is to try:
${namesOf(({ random }) => !random)}

Suites that run round after round, with new seeds:
${namesOf(({ random }) => random)}

Where no name is given, all of them run. Ends with 1 when a promise broke, and says how to see it again.`;
