/**
 * Idempotency keys: 1 to 255 of `A-Z a-z 0-9 _ . ~ : + / -`, as Airflow's run ids are. In the header they may be in
 * double quotes, as in the IETF draft.
 */
import { invalidRequest } from './validation.js';

const shape = /^[A-Za-z0-9_.~:+/-]{1,255}$/;
const message = 'must be 1 to 255 of A-Z a-z 0-9 _ . ~ : + / -';

/** Null if there is no header. */
export function keyFromHeader(header: string | undefined): string | null {
  if (header === undefined) return null;
  const key = header.trim().replace(/^"(.*)"$/, '$1');
  if (shape.test(key)) return key;
  throw invalidRequest([{ at: 'Idempotency-Key', message }]);
}

/** The key in the path; one in the header as well must be the same. */
export function keyFromPath(segment: string, header: string | undefined): string {
  if (!shape.test(segment)) throw invalidRequest([{ at: 'id', message }]);
  const repeated = keyFromHeader(header);
  if (repeated === null || repeated === segment) return segment;
  throw invalidRequest([
    { at: 'Idempotency-Key', message: 'differs from the key in the path; send one of them only' },
  ]);
}
