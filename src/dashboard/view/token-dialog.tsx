import { useState } from 'preact/hooks';
import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';

/** Asked for when the service answers 401. There is no way around it, so it cannot be put away. */
export function TokenDialog() {
  const { session, refresh } = useDashboard();
  const [entered, setEntered] = useState('');
  const refusal = session.refusal.value;
  if (refusal === null) return null;
  return (
    <Modal title="A token is needed" onClose={null}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          session.enter(entered.trim());
          setEntered('');
          refresh();
        }}
      >
        <p>{refusal} A read token shows everything; changes need an operate token.</p>
        <label class="field">
          Token
          <input
            type="password"
            data-first
            autocomplete="current-password"
            required
            value={entered}
            onInput={({ currentTarget }) => setEntered(currentTarget.value)}
          />
        </label>
        <p class="hint">It is kept for this tab alone, until the tab is closed.</p>
        <div class="buttons">
          <button type="submit" class="primary">
            Come in
          </button>
        </div>
      </form>
    </Modal>
  );
}
