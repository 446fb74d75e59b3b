/** The token, where the service asks for one: kept for this tab alone, and sent as Bearer. */
import { type Signal, signal } from '@preact/signals';

const storageKey = 'daymark-token';

/** As far as it is used, of `sessionStorage`. */
export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Session {
  /** Null: none is shown. */
  readonly token: Signal<string | null>;
  /** Why a token is asked for; null while none is needed. */
  readonly refusal: Signal<string | null>;
  enter(token: string): void;
  /** Forgets the token, and asks for another. */
  leave(): void;
}

export function createSession(storage: TokenStorage): Session {
  const token = signal(storage.getItem(storageKey));
  const refusal = signal<string | null>(null);
  return {
    token,
    refusal,
    enter: (entered) => {
      storage.setItem(storageKey, entered);
      token.value = entered;
      refusal.value = null;
    },
    leave: () => {
      storage.removeItem(storageKey);
      token.value = null;
      refusal.value = 'The token was forgotten.';
    },
  };
}
