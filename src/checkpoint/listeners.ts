export interface Listeners {
  add(listener: () => void): void;
  call(): void;
}

/** A listener that throws must not prevent the others from being called. */
export function createListeners(onThrow: (reason: string) => void): Listeners {
  const listeners: (() => void)[] = [];
  return {
    add: (listener) => {
      listeners.push(listener);
    },
    call: () => {
      for (const listener of listeners) {
        try {
          listener();
        } catch (error) {
          onThrow(`a listener of the checkpoint store failed: ${String(error)}`);
        }
      }
    },
  };
}
