import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 15;

/** How much longer than usual to wait, where a machine has much else to do. */
export const patience = Number(process.env['DAYMARK_PATIENCE'] ?? 1);

/**
 * Tries `assertion` until it no longer throws, and returns what it returned; after `timeoutMs` its last
 * error is thrown.
 */
export async function eventually<T>(
  assertion: () => T | Promise<T>,
  timeoutMs = 5_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs * patience;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await sleep(pollMs);
  }
}
