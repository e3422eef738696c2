/**
 * The codes of orders and deposits on confirm screens drawn a moment ago. Whoever presses "buy" again because nothing moves yet has the screen drawn twice;
 * with two codes on it, a tap on each would be two orders.
 */
import { randomBytes } from 'node:crypto';
import { makeOrderCode } from '../domain/order-code.ts';

/** How long the same lines are taken for the same wish, ms. */
const sameWithinMs = 60_000;

interface Drawn {
  readonly code: string;
  readonly at: number;
}

/** Whose wish, for what: the chat and the digest of its lines. */
export interface ConfirmWish {
  readonly chatId: number;
  readonly lines: string;
}

export function createConfirmCodes() {
  // The oldest first.
  const drawn = new Map<string, Drawn>();
  const keyOf = ({ chatId, lines }: ConfirmWish) => `${chatId}/${lines}`;

  function forgetOld(now: number): void {
    for (const [key, { at }] of drawn) {
      if (now - at <= sameWithinMs) return;
      drawn.delete(key);
    }
  }

  return {
    /**
     * The code the same wish was shown with, unless an order or a deposit stands under it, as `stands` says; else a new one. `now` in ms.
     */
    async take(wish: ConfirmWish, now: number, stands: (code: string) => Promise<boolean>): Promise<string> {
      forgetOld(now);
      const known = drawn.get(keyOf(wish))?.code;
      if (known !== undefined && !(await stands(known))) return known;
      const code = makeOrderCode(randomBytes(8));
      drawn.delete(keyOf(wish));
      drawn.set(keyOf(wish), { code, at: now });
      return code;
    },
    /** It was placed or refused: the next screen needs another code. */
    drop(wish: ConfirmWish): void {
      drawn.delete(keyOf(wish));
    },
  };
}

export type ConfirmCodes = ReturnType<typeof createConfirmCodes>;
