import type { DayStatus } from '../api/types.js';
import { makerOf } from '../model/states.js';
import { clock, count, size } from '../model/words.js';
import { useDashboard } from '../store/dashboard.js';
import { RunLink } from './day-link.js';

interface Props {
  readonly status: DayStatus;
}

/** Each file by what tells that it was changed: together they are the day's fingerprint. */
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
          <dt>Rows</dt>
          <dd>{count(output.rows)}</dd>
          <dt>Items</dt>
          <dd>{count(output.items)}</dd>
          <dt>Size</dt>
          <dd>{size(output.bytes)}</dd>
          <dt>SHA-256</dt>
          <dd class="code wrap">{output.sha256}</dd>
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
            <dt>Committed</dt>
            <dd>
              {clock(commit.committedAt, now.value)}, commit {count(commit.version)}
            </dd>
            <dt>Run</dt>
            <dd>
              <RunLink id={commit.runId} />
            </dd>
          </>
        )}
        {(commit !== null || output !== null) && (
          <>
            <dt>Made by</dt>
            <dd>{makerOf(status)}</dd>
          </>
        )}
        {lastRun !== null && (
          <>
            <dt>Last touched</dt>
            <dd>
              {lastRun.outcome}
              {lastRun.finishedAt !== null && `, ${clock(lastRun.finishedAt, now.value)}`}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}
