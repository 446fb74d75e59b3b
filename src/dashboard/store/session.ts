/** The token, if the service requires one: kept only for this tab, and sent as Bearer. */
import { type Signal, signal } from '@preact/signals';
import { type Client, createClient } from '../../client/client.js';
import { createHttpTransport } from '../../client/http-transport.js';
import { ofDataset } from '../../client/of-dataset.js';

const storageKey = 'daymark-token';

/** The used part of `sessionStorage`. */
export interface TokenStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Session {
  /** Null: no token is sent. */
  readonly token: Signal<string | null>;
  /** Why a token is needed; null while none is. */
  readonly refusal: Signal<string | null>;
  /** Asks the service with the token. */
  readonly client: Client;
  enter(token: string): void;
  /** Forgets the token, and asks for another. */
  leave(): void;
}

/** Without the name of a dataset, it is about the first. */
export function createSession(
  storage: TokenStorage,
  url: string,
  dataset: string | null = null,
): Session {
  const token = signal(storage.getItem(storageKey));
  const refusal = signal<string | null>(null);
  const transport = ofDataset(createHttpTransport({ url, token: () => token.value }), dataset);
  return {
    token,
    refusal,
    client: createClient(transport, () => {
      const sent = token.peek();
      return ({ account, message }) => {
        // A late answer to an older token says nothing about this one.
        if (account.status === 401 && sent === token.peek()) refusal.value = message;
      };
    }),
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
