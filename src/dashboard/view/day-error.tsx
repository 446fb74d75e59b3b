import type { DayError } from '../../client/types.js';
import { ended } from '../../client/words.js';
import { moreProblems } from '../../model/more-problems.js';
import { RunLink } from './day-link.js';

interface Props {
  readonly error: DayError;
  /** The run that failed on it, if a link helps. */
  readonly run: string | null;
}

export function DayErrorTable({ error, run }: Props) {
  const more = moreProblems(error, error.problems.length);
  return (
    <section class="note bad">
      <h3>Why it could not be processed</h3>
      <p>{ended(error.detail)}</p>
      {error.problems.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section class="scroll" tabIndex={0} aria-label="What is wrong, by place">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">File</th>
                <th scope="col" class="number">
                  Line
                </th>
                <th scope="col">Column</th>
                <th scope="col">Value</th>
                <th scope="col">What is wrong</th>
              </tr>
            </thead>
            <tbody>
              {error.problems.map((problem) => (
                <tr key={JSON.stringify(problem)}>
                  <td class="code">{problem.file}</td>
                  <td class="number">{problem.line ?? '–'}</td>
                  <td class="code">{problem.column ?? '–'}</td>
                  <td class="code">{problem.value ?? '–'}</td>
                  <td>{problem.message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {more !== null && <p>And {ended(more)}</p>}
      {run !== null && (
        <p class="hint">
          In run <RunLink id={run} />
        </p>
      )}
    </section>
  );
}
