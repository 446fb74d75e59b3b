import { useState } from 'preact/hooks';
import { useDashboard } from '../store/dashboard.js';
import { Modal } from './modal.js';

/** Shown when the service answers 401. It cannot be dismissed, because nothing works without a token. */
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
        <p class="hint">It is kept only for this tab, until the tab is closed.</p>
        <div class="buttons">
          <button type="submit" class="primary">
            Sign in
          </button>
        </div>
      </form>
    </Modal>
  );
}
