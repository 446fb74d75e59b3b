import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { ControlPlane } from '../../src/core/control-plane.js';
import { createLongPolls } from '../../src/http/long-poll.js';
import type { Run } from '../../src/model/run.js';

const run = { id: 'r' } as Run;

/** A control plane whose run never ends: waits end by their signal alone. */
function createRoom() {
  const signals: AbortSignal[] = [];
  const controlPlane: Partial<ControlPlane> = {
    run: async () => run,
    wait: (_, __, signal) => {
      signals.push(signal);
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(run)));
    },
  };
  const raw = new EventEmitter();
  const reply = { raw } as unknown as FastifyReply;
  return { room: createLongPolls(controlPlane as ControlPlane), raw, reply, signals };
}

describe('a long poll', () => {
  it('lets go when the client goes away, and leaves no listener behind', async () => {
    const { room, raw, reply, signals } = createRoom();
    const wait = room.wait('r', 60, reply);
    expect(raw.listenerCount('close')).toBe(1);
    raw.emit('close');
    expect(await wait).toBe(run);
    expect(signals[0]?.aborted).toBe(true);
    expect(raw.listenerCount('close')).toBe(0);
  });

  it('ends every wait when it closes, and lets nobody in afterwards', async () => {
    const { room, raw, reply, signals } = createRoom();
    const waits = [room.wait('r', 60, reply), room.wait('r', 60, reply)];
    room.close();
    expect(await Promise.all(waits)).toEqual([run, run]);
    expect(raw.listenerCount('close')).toBe(0);
    expect(await room.wait('r', 60, reply)).toBe(run);
    expect(signals).toHaveLength(2);
  });
});
