/** The scenes of `tillflow demo`: people of the sandbox buy in the chat, pay, let an order end, cancel one, get one back, top up, earn by a friend. */
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

/** A scene plays and answers the code of its order or deposit and the status it must reach. */
export interface Scene {
  readonly title: string;
  play(stage: Stage): Promise<{ readonly code: string; readonly status: ShownTimeline['status'] }>;
}

const anna: Person = { id: 1001, name: 'Anna' };
const boris: Person = { id: 1002, name: 'Boris' };
const celina: Person = { id: 1003, name: 'Celina' };
const olga: Person = { id: 2001, name: 'Olga' };
const shortHoldSeconds = 10;

export const scenes: readonly Scene[] = [
  {
    title: 'Celina buys a download from her wallet',
    async play(stage) {
      return { code: await place(stage, celina, '<b>HTML</b> & friends: cheat sheet 猫 خط', 'w'), status: 'delivered' };
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
      await reach(stage, code, 'delivered');
      for (const press of ['0', '1']) {
        const button = await stage.sandbox.findButton(olga, new RegExp(`^1T:r:${code}:[0-9a-z]+:${press}$`), stage.staffChatId);
        await stage.sandbox.tap(olga, button, stage.staffChatId);
      }
      return { code, status: 'refunded' };
    },
  },
  {
    title: 'Boris tops up his wallet by card',
    async play(stage) {
      const { sandbox } = stage;
      await sandbox.send(boris, '/refill 50');
      const button = await sandbox.findButton(boris, /^1F:[0-9A-Z]{8}:c:/);
      await sandbox.tap(boris, button);
      await payByCard(stage, boris);
      return { code: button.data.split(':')[1] ?? '', status: 'credited' };
    },
  },
  {
    title: 'A friend whom Boris invited tops up, and Boris earns a commission',
    async play(stage) {
      const { sandbox, shop } = stage;
      await sandbox.send(boris, '/referrals');
      const { url } = await sandbox.findButton(boris, /^https:\/\/t\.me\/share\//);
      const payload = /start=(ref_\w+)/.exec(new URL(url ?? '').searchParams.get('url') ?? '')?.[1] ?? '';
      const friend = await sandbox.meet('Dana');
      await sandbox.send(friend, `/start ${payload}`);
      await sandbox.findButton(friend, /^1R$/);
      await sandbox.send(friend, '/refill 100');
      const button = await sandbox.findButton(friend, /^1F:[0-9A-Z]{8}:c:/);
      await sandbox.tap(friend, button);
      await payByCard(stage, friend);
      const code = button.data.split(':')[1] ?? '';
      await waitFor('the commission of Boris', async () => {
        const timeline = await shop.timeline(code);
        return timeline?.steps.find(({ what }) => what.startsWith('Commission paid'));
      });
      return { code, status: 'credited' };
    },
  },
];

/** Waits until the order or deposit has a status. @throws CommandError when it does not in time */
export async function reach({ shop }: Stage, code: string, status: ShownTimeline['status'], deadlineMs = 40_000): Promise<ShownTimeline> {
  return waitFor(
    `${formatOrderCode(code)} to be ${status}`,
    async () => {
      const timeline = await shop.timeline(code);
      return timeline?.status === status ? timeline : undefined;
    },
    deadlineMs,
  );
}

/** Opens a product by its link, goes to the confirm screen and taps a method. @returns the order's code */
async function place({ sandbox, shop, productId }: Stage, person: Person, title: string, method: 'w' | 's' | 'c'): Promise<string> {
  const id = productId(title);
  await sandbox.send(person, `/start p_${id}`);
  await sandbox.tap(person, await sandbox.findButton(person, new RegExp(`^1f:p${id.toString(36)}\\.`)));
  const button = await sandbox.findButton(person, new RegExp(`^1P:[0-9A-Z]{8}:${method}:p${id.toString(36)}\\.`));
  const code = button.data.split(':')[1] ?? '';
  await sandbox.tap(person, button);
  await waitFor(`the order of ${person.name}`, () => shop.timeline(code));
  return code;
}

async function payByStars({ sandbox }: Stage, person: Person): Promise<void> {
  const { url } = await sandbox.findButton(person, /^https:\/\/t\.me\/\$/);
  await sandbox.payInvoice(person, decodeURIComponent(url?.split('$')[1] ?? ''));
}

async function payByCard({ sandbox }: Stage, person: Person): Promise<void> {
  const { url } = await sandbox.findButton(person, /\/pay\/cs_/);
  await sandbox.payByCard(new URL(url ?? '').pathname.split('/').at(-1) ?? '');
}
