import type { Problem } from '../model/problem.js';

interface Props {
  /** Shows nothing if there is no problem. */
  readonly problem: Problem | null;
  /** If the note can be dismissed. */
  readonly onClose?: () => void;
}

export function ProblemNote({ problem, onClose }: Props) {
  if (problem === null) return null;
  const { title, detail, places, nextAction, requestId } = problem;
  return (
    <div class="note bad" role="alert">
      <strong>{title}</strong>
      <p>{detail}</p>
      <dl class="note-facts">
        {places.length > 0 && (
          <>
            <dt>Where</dt>
            <dd>
              {places.map((place) => (
                <div key={place}>{place}</div>
              ))}
            </dd>
          </>
        )}
        <dt>Next</dt>
        <dd>{nextAction}</dd>
        {requestId !== null && (
          <>
            <dt>In the log</dt>
            <dd class="code">{requestId}</dd>
          </>
        )}
      </dl>
      {onClose !== undefined && (
        <button type="button" onClick={onClose}>
          Put away
        </button>
      )}
    </div>
  );
}
