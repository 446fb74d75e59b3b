import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Callers that arrive during a look share the next one: it must begin after they arrived, or it could miss what they
 * know to be there. At most two looks exist at a time, however many callers there are.
 *
 * A look waits for two turns of the event loop: in the first the answers of the look before go out, in the
 * second come the next requests of those clients. So all clients that are kept busy share one look, where
 * otherwise two halves of them would take turns, each with looks of its own.
 */
export function shareNext<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;

  const begin = async () => {
    await current;
    await nextTurn();
    await nextTurn();
    next = null;
    const looking = look();
    current = looking.catch(() => {});
    return looking;
  };
  return () => {
    next ??= begin();
    return next;
  };
}
