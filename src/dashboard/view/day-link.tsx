import { useDashboard } from '../store/dashboard.js';

export function DayLink({ day }: { readonly day: string }) {
  const { places } = useDashboard();
  return (
    <button type="button" class="link" onClick={() => places.go({ kind: 'day', day })}>
      {day}
    </button>
  );
}

export function RunLink({ id }: { readonly id: string }) {
  const { places } = useDashboard();
  return (
    <button type="button" class="link code" onClick={() => places.go({ kind: 'run', id })}>
      {id}
    </button>
  );
}
