import type { Run } from '../../client/types.js';

const marks: Readonly<Record<Run['status'], string>> = {
  queued: 'M10 5.5V10l3 2',
  running: 'M7 5.5l7 4.5-7 4.5z',
  succeeded: 'M5.5 10.4l3 3 6-6.6',
  failed: 'M6.4 6.4l7.2 7.2M13.6 6.4l-7.2 7.2',
  cancelled: 'M6 10h8',
  interrupted: 'M11 4.5l-4 6h6l-4 5',
};

/** A run's status, by mark, colour and word. */
export function Outcome({ run: { status } }: { readonly run: Pick<Run, 'status'> }) {
  return (
    <span class="outcome" data-status={status}>
      <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
        <circle cx="10" cy="10" r="9" class="disc" />
        <path d={marks[status]} class="mark" />
      </svg>
      {status}
    </span>
  );
}
