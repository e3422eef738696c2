/** The scenes of `tillflow demo`: people of the sandbox buy in the chat, pay, let an order end, cancel one, get one back. */
import { formatOrderCode } from '../../domain/order-code.ts';
import { type Person, type Sandbox, waitFor } from './sandbox.ts';
import type { ShopWindow, ShownTimeline } from './shop-window.ts';

export interface Stage {
  readonly sandbox: Sandbox;
  readonly shop: ShopWindow;
  /** Product id by title. */
  readonly productId: (title: string) => number;
  readonly staffChatId: number;
}

/** How a scene must end. */
export interface Ending {
  /** Of its order or deposit. */
  readonly code: string;
  readonly status: ShownTimeline['status'];
  /** A step that must be among what happened. */
  readonly step?: string;
}

export interface Scene {
  readonly title: string;
  play(stage: Stage): Promise<Ending>;
}

export const anna: Person = { id: 1001, name: 'Anna' };
export const boris: Person = { id: 1002, name: 'Boris' };
export const celina: Person = { id: 1003, name: 'Celina' };
export const olga: Person = { id: 2001, name: 'Olga' };
const shortHoldSeconds = 10;
const endDeadlineMs = 40_000;

export const orderScenes: readonly Scene[] = [
  {
    title: 'Celina buys a download from her wallet',
    async play(stage) {
      return { code: await place(stage, celina, '<b>HTML</b> & friends: cheat sheet 猫 خط', 'w'), status: 'delivered' };
    },
  },
  {
    title: 'Celina chooses a size and a colour',
    async play(stage) {
      return { code: await place(stage, celina, 'T-shirt “Nocny tramwaj”, M, Black', 'w'), status: 'delivered' };
    },
  },
  {
    title: 'Boris gets message credits with Telegram Stars',
    async play(stage) {
      const code = await place(stage, boris, '25 message credits', 's');
      await payByStars(stage, boris);
      return { code, status: 'delivered' };
    },
  },
  {
    title: 'Boris buys wallpapers with Telegram Stars',
    async play(stage) {
      const code = await place(stage, boris, 'Northern lights wallpapers', 's');
      await payByStars(stage, boris);
      return { code, status: 'delivered' };
    },
  },
  {
    title: 'Anna pays a bag by card and collects it',
    async play(stage) {
      const code = await place(stage, anna, 'Tote bag “Żółta łódź”', 'c');
      await payByCard(stage, anna);
      return { code, status: 'delivered' };
    },
  },
  {
    title: `Anna does not pay within ${shortHoldSeconds} seconds`,
    async play(stage) {
      const holdSeconds = await stage.shop.readHold();
      await stage.shop.changeHold(shortHoldSeconds);
      try {
        return { code: await place(stage, anna, 'Handmade mug', 'c'), status: 'expired' };
      } finally {
        await stage.shop.changeHold(holdSeconds);
      }
    },
  },
  {
    title: 'Boris changes his mind and cancels',
    async play(stage) {
      const code = await place(stage, boris, 'Vinyl: Nocne tramwaje', 'c');
      await stage.sandbox.tap(boris, await stage.sandbox.findButton(boris, new RegExp(`^1C:${code}$`)));
      return { code, status: 'cancelled' };
    },
  },
  {
    title: 'Celina pays a mug by card, and staff give the money back',
    async play(stage) {
      const code = await place(stage, celina, 'Handmade mug', 'c');
      await payByCard(stage, celina);
      await reach(stage, { code, status: 'delivered' });
      for (const press of ['0', '1']) {
        const button = await stage.sandbox.findButton(olga, new RegExp(`^1T:r:${code}:[0-9a-z]+:${press}$`), stage.staffChatId);
        await stage.sandbox.tap(olga, button, stage.staffChatId);
      }
      return { code, status: 'refunded' };
    },
  },
];

/** Waits until the order or deposit has ended so. @throws CommandError when it does not in time */
export async function reach({ shop }: Stage, { code, status, step }: Ending): Promise<ShownTimeline> {
  return waitFor(
    `${formatOrderCode(code)} to be ${status}${step === undefined ? '' : `, and “${step}”`}`,
    async () => {
      const timeline = await shop.timeline(code);
      const isThere = timeline?.status === status && (step === undefined || timeline.steps.some(({ what }) => what === step));
      return isThere ? timeline : undefined;
    },
    endDeadlineMs,
  );
}

/** Opens a product by its link, goes to the confirm screen and taps a method. @returns the order's code */
export async function place({ sandbox, shop, productId }: Stage, person: Person, title: string, method: 'w' | 's' | 'c'): Promise<string> {
  const id = productId(title);
  await sandbox.send(person, `/start p_${id}`);
  await sandbox.tap(person, await sandbox.findButton(person, new RegExp(`^1f:p${id.toString(36)}\\.`)));
  const button = await sandbox.findButton(person, new RegExp(`^1P:[0-9A-Z]{8}:${method}:p${id.toString(36)}\\.`));
  const code = button.data.split(':')[1] ?? '';
  await sandbox.tap(person, button);
  await waitFor(`the order of ${person.name}`, () => shop.timeline(code));
  return code;
}

/** Pays the newest invoice in the chat. */
export async function payByStars({ sandbox }: Stage, person: Person): Promise<void> {
  const { url } = await sandbox.findButton(person, /^https:\/\/t\.me\/\$/);
  await sandbox.payInvoice(person, decodeURIComponent(url?.split('$')[1] ?? ''));
}

export async function payByCard({ sandbox }: Stage, person: Person): Promise<void> {
  const { url } = await sandbox.findButton(person, /\/pay\/cs_/);
  await sandbox.payByCard(new URL(url ?? '').pathname.split('/').at(-1) ?? '');
}
