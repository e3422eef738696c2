/** What the app tells about orders and deposits in sandbox mode: the same addresses the bar beside the chat asks. */
import { z } from 'zod';
import { depositStatuses } from '../../domain/deposit.ts';
import { orderStatuses } from '../../domain/order.ts';
import { CommandError } from '../output.ts';

const timeline = z.object({
  code: z.string(),
  status: z.enum([...orderStatuses, ...depositStatuses]),
  total: z.object({ amount: z.number().int(), currency: z.string() }),
  payUntil: z.string().nullable(),
  temporalUrl: z.string(),
  steps: z.array(z.object({ at: z.string(), what: z.string(), detail: z.string().nullable() })),
});
const recent = z.array(z.object({ noun: z.enum(['order', 'deposit']), code: z.string() }));
const hold = z.object({ holdSeconds: z.number().int() });

export type ShownTimeline = z.infer<typeof timeline>;

export function openShopWindow(appUrl: string) {
  const ask = async (path: string, init?: RequestInit) => fetch(`${appUrl}${path}`, { ...init, signal: AbortSignal.timeout(5_000) });
  return {
    /** Undefined while there is no such order or deposit. */
    async timeline(code: string): Promise<ShownTimeline | undefined> {
      const response = await ask(`/dev/timelines/${code}`);
      if (response.status === 404) return undefined;
      if (!response.ok) throw new CommandError(`The shop answered for ${code} with ${response.status}.`);
      return timeline.parse(await response.json());
    },
    /** Codes of a person's orders and deposits, newest first. */
    async codesOf(telegramUserId: number, noun: 'order' | 'deposit'): Promise<string[]> {
      const told = recent.parse(await (await ask(`/dev/timelines?telegramUserId=${telegramUserId}`)).json());
      return told.filter((one) => one.noun === noun).map(({ code }) => code.replace('-', ''));
    },
    async readHold(): Promise<number> {
      return hold.parse(await (await ask('/dev/hold')).json()).holdSeconds;
    },
    async changeHold(holdSeconds: number): Promise<void> {
      const response = await ask('/dev/hold', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ holdSeconds }),
      });
      if (!response.ok) throw new CommandError(`holdSeconds: the shop answered with ${response.status}.`);
    },
    async isReady(): Promise<boolean> {
      try {
        return (await ask('/ready')).ok;
      } catch {
        return false;
      }
    },
  };
}

export type ShopWindow = ReturnType<typeof openShopWindow>;
