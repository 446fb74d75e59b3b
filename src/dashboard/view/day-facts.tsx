import type { DayStatus } from '../../client/types.js';
import { clock, count, size } from '../../client/words.js';
import { makerOf } from '../model/states.js';
import { useDashboard } from '../store/dashboard.js';
import { RunLink } from './day-link.js';
import { Fact } from './fact.js';

interface Props {
  readonly status: DayStatus;
}

/** Each file with the values that show a change: together they are the day's fingerprint. */
export function RawFiles({ status: { raw } }: Props) {
  if (raw === null) {
    return (
      <section>
        <h3>Raw files</h3>
        <p class="hint">Its folder is gone from the raw root.</p>
      </section>
    );
  }
  return (
    <section>
      <h3>Raw files</h3>
      <p class="hint">
        {size(raw.bytes)} in all. A file whose name, size, times or inode change is compared again.
      </p>
      {raw.files.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col" class="number">
                Bytes
              </th>
              <th scope="col">Modified (UTC)</th>
            </tr>
          </thead>
          <tbody>
            {raw.files.map(({ name, bytes, modifiedAt }) => (
              <tr key={name}>
                <td class="code">{name}</td>
                <td class="number">{count(bytes)}</td>
                <td class="code">{modifiedAt.replace('T', ' ').replace('Z', '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {raw.refused.map(({ name, reason }) => (
        <p key={name}>
          <span class="code">{name}</span> is not read: {reason}.
        </p>
      ))}
    </section>
  );
}

export function DayRows({ status: { output } }: Props) {
  return (
    <section>
      <h3>In the output</h3>
      {output === null ? (
        <p class="hint">It has no rows there.</p>
      ) : (
        <dl class="facts">
          <Fact name="Rows">{count(output.rows)}</Fact>
          {Object.entries(output.totals).map(([measure, total]) => (
            <Fact key={measure} name={measure}>
              {count(total)}
            </Fact>
          ))}
          <Fact name="Size">{size(output.bytes)}</Fact>
          <Fact name="SHA-256" code>
            {output.sha256}
          </Fact>
        </dl>
      )}
    </section>
  );
}

/** How the day came into the output, and what was last done with it. */
export function DayOrigin({ status }: Props) {
  const { now } = useDashboard();
  const { commit, output, lastRun } = status;
  if (commit === null && output === null && lastRun === null) return null;
  return (
    <section>
      <h3>History</h3>
      <dl class="facts">
        {commit !== null && (
          <>
            <Fact name="Committed">
              {clock(commit.committedAt, now.value)}, commit {count(commit.version)}
            </Fact>
            <Fact name="Run">
              <RunLink id={commit.runId} />
            </Fact>
          </>
        )}
        {(commit !== null || output !== null) && <Fact name="Made by">{makerOf(status)}</Fact>}
        {lastRun !== null && (
          <Fact name="Last touched">
            {lastRun.outcome}
            {lastRun.finishedAt !== null && `, ${clock(lastRun.finishedAt, now.value)}`}
          </Fact>
        )}
      </dl>
    </section>
  );
}
