/** What is the customer's own in the Mini App: whom they brought, and how they want to be spoken to. */
import { botLink } from '../../domain/link.ts';
import { Hono } from 'hono';
import { pickAppTexts } from '../../domain/app-text.ts';
import { type Language, pickLanguage } from '../../domain/language.ts';
import { referralPayload } from '../../domain/referral.ts';
import { nextTier, tierOf, tierThreshold } from '../../domain/tier.ts';
import type { Shop } from '../../db/entities/shop.ts';
import { setCustomerLanguage } from '../../db/repositories/customer.ts';
import { readTierDiscount } from '../../db/repositories/quote.ts';
import { openReferralCode, summariseReferrals } from '../../db/repositories/referral.ts';
import { readSetting } from '../../db/repositories/setting.ts';
import type { ApiContext } from '../context.ts';
import { inBody } from '../input.ts';
import { type ReferralsAnswer, type SettingsAnswer, settingsBody } from '../schemas/customer.ts';
import type { Entrance } from '../visitor/visit.ts';

const toSettings = ({ texts }: Shop, language: Language): SettingsAnswer => ({ language, wording: pickAppTexts(texts[language]) });

export function createCustomerRoutes({ db }: ApiContext, { visit }: Entrance) {
  const em = () => db.em.fork();
  return new Hono()
    .get('/referrals', visit, async (c) => {
      const { shop, customer } = c.var.visitor;
      const [code, { friends, earnings, held }, rate] = await Promise.all([
        openReferralCode(em(), { shopId: shop.id, customerId: customer.id }),
        summariseReferrals(em(), customer.id),
        readSetting(em(), shop.id, 'commissionRate'),
      ]);
      const tier = tierOf(earnings, shop.currency);
      const following = nextTier(tier);
      const from = following === undefined ? 0 : tierThreshold(following, shop.currency);
      const told: ReferralsAnswer = {
        link: shop.botUsername == null ? null : botLink(shop.botUsername, referralPayload(code)),
        friends,
        earned: earnings,
        held,
        currency: shop.currency,
        percent: rate / 100,
        tier,
        discountPercent: await readTierDiscount(em(), shop, earnings),
        next: following === undefined ? null : { tier: following, from, missing: from - earnings },
      };
      return c.json(told);
    })
    .get('/settings', visit, (c) => c.json(toSettings(c.var.visitor.shop, pickLanguage(c.var.visitor.customer.language))))
    .patch('/settings', visit, inBody(settingsBody), async (c) => {
      const { language } = c.req.valid('json');
      await setCustomerLanguage(em(), c.var.visitor.customer.id, language);
      return c.json(toSettings(c.var.visitor.shop, language));
    });
}
