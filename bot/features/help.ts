/** Language, help and the pages every shop must have. */
import type { Composer } from 'grammy';
import { miniAppUrl } from '../../config.ts';
import { setCustomerLanguage } from '../../db/repositories/customer.ts';
import { listUsableMethods } from '../../db/repositories/offered-method.ts';
import { countOpenOrders } from '../../db/repositories/screen.ts';
import { bold, isolate } from '../../texts/rich-text.ts';
import { helpScreen, languageScreen, pageScreen, statusScreen } from '../../texts/screens/menu.ts';
import { textsOfShop } from '../../texts/wording.ts';
import { type BotContext, guestOf } from '../context.ts';
import { buyerOf } from '../quoting.ts';
import { createFeature, onTap } from '../route.ts';
import { show } from '../show.ts';

export function createHelpFeature(): Composer<BotContext> {
  const feature = createFeature();
  const help = (ctx: BotContext) => {
    const { texts, shop, services } = guestOf(ctx);
    const inlineBot = ctx.me.supports_inline_queries ? (shop.botUsername ?? undefined) : undefined;
    // One button for everybody, in the shop's language.
    const appButton = textsOfShop(shop, shop.language).say('menu-app');
    return show(
      ctx,
      helpScreen(texts, { inlineBot, appButton: miniAppUrl(services.config, shop.slug) === undefined ? undefined : appButton }),
    );
  };
  const language = (ctx: BotContext) => show(ctx, languageScreen(guestOf(ctx).texts));
  feature.command('help', help);
  onTap(feature, 'help', help);
  feature.command('language', language);
  onTap(feature, 'language', language);

  onTap(feature, 'speak', async (ctx, callback) => {
    const { em, customer, shop } = guestOf(ctx);
    await setCustomerLanguage(em(), customer.id, callback.language);
    const texts = textsOfShop(shop, callback.language);
    ctx.tap?.answer(texts.say('language-set'));
    await show(ctx, languageScreen(texts, texts.say('language-set')));
  });

  feature.command('status', async (ctx) => {
    const guest = guestOf(ctx);
    const [methods, openOrders] = await Promise.all([
      listUsableMethods(guest.em(), buyerOf(guest)),
      countOpenOrders(guest.em(), guest.customer.id),
    ]);
    await show(ctx, statusScreen(guest.texts, { open: guest.shop.open, methods: methods.map(({ method }) => method), openOrders }));
  });

  feature.command('support', (ctx) => {
    const { texts, shop } = guestOf(ctx);
    const contact = shop.supportContact?.trim();
    return show(
      ctx,
      pageScreen(texts, [contact ? texts.say('help-support', { contact: isolate(contact) }) : texts.say('help-support-none')]),
    );
  });

  feature.command('paysupport', (ctx) => {
    const { texts, shop } = guestOf(ctx);
    const contact = shop.supportContact?.trim();
    const how = contact ? ['', texts.say('help-support', { contact: isolate(contact) })] : [];
    return show(ctx, pageScreen(texts, [texts.say('help-paysupport'), ...how]));
  });

  for (const page of ['terms', 'privacy'] as const) {
    feature.command(page, (ctx) => {
      const { texts, shop } = guestOf(ctx);
      const title = bold(texts.say(`command-${page}`));
      return show(ctx, pageScreen(texts, [title, '', texts.say(`help-${page}`, { shop: isolate(shop.title) })]));
    });
  }
  return feature;
}
