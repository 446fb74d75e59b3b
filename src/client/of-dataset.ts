import type { Call, Transport } from './transport.js';

/** Turns the short form of a route into that of a named dataset; null stands for the first dataset. */
export function ofDataset(transport: Transport, name: string | null): Transport {
  if (name === null) return transport;
  const prefix = `/v1/datasets/${encodeURIComponent(name)}/`;
  const named = (call: Call): Call => {
    return { ...call, path: call.path.replace(/^\/v1\/(?!datasets\b)/, prefix) };
  };
  return {
    ...transport,
    send: (call) => transport.send(named(call)),
    stream: (call, ...others) => transport.stream(named(call), ...others),
  };
}
