/** What stands behind every button by which staff decide: who may, and the message drawn anew until it says what the row says. */
import type { Judge } from '../db/repositories/approval.ts';
import { findStaff } from '../db/repositories/staff.ts';
import { mayJudge } from '../domain/staff.ts';
import { type Texts, textsOf } from '../texts/bundle.ts';
import type { Screen } from '../texts/screens/screen.ts';
import type { BotContext } from './context.ts';
import { patiently, quietly } from './show.ts';

/** A press of somebody who may decide, on something that is there. `texts` are in the shop's language. */
export interface Admitted<Shown> {
  readonly shown: Shown;
  readonly by: Judge;
  readonly texts: Texts;
}

/** Looks up the role at every press; answers the press itself when whoever pressed may not, or when there is no such thing (`unknown`). */
export async function admitJudge<Shown>(
  ctx: BotContext,
  find: () => Promise<Shown | undefined>,
  unknown: (texts: Texts) => string,
): Promise<Admitted<Shown> | undefined> {
  const { visit } = ctx;
  const texts = textsOf(visit.shop.language);
  const staff = ctx.from && (await findStaff(visit.em(), visit.shop.id, ctx.from.id));
  if (!staff || !mayJudge(staff.role)) {
    ctx.tap?.answer(texts.say(staff ? 'staff-role' : 'staff-not-you'), true);
    return undefined;
  }
  const shown = await find();
  if (shown === undefined) {
    ctx.tap?.answer(unknown(texts), true);
    return undefined;
  }
  return { shown, by: { actor: `staff:${staff.id}`, telegramUserId: ctx.from?.id }, texts };
}

/** Draws the pressed message anew, until what stands there is what the rows say. */
export async function drawPressed<Shown>(
  ctx: BotContext,
  find: () => Promise<Shown | undefined>,
  { screen, versionOf }: { readonly screen: (shown: Shown) => Screen; readonly versionOf: (shown: Shown) => number },
): Promise<void> {
  const message = ctx.callbackQuery?.message;
  if (!message || message.date === 0) return;
  for (let shown = await find(); shown !== undefined; ) {
    const drawn = shown;
    // Groups take few messages a minute; who pressed waits rather than look at buttons that do nothing.
    await quietly(() => patiently(() => ctx.visit.bot.editMessageText(message.chat.id, message.message_id, screen(drawn))));
    const after = await find();
    if (after !== undefined && versionOf(after) === versionOf(drawn)) return;
    shown = after;
  }
}
