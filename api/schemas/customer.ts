/** What is the customer's own: whom they brought, and how they want to be spoken to. */
import { z } from 'zod';
import { languages } from '../../domain/language.ts';
import { tierNames } from '../../domain/tier.ts';
import { amount, wording } from './shop.ts';

export const referralsAnswer = z
  .object({
    link: z.url().nullable().meta({ description: 'Null while the shop’s bot has no name at Telegram.' }),
    friends: z.int().min(0),
    earned: z.int().meta({ description: 'By friends’ top-ups, minor units of `currency`; negative when more was taken back.' }),
    held: amount.meta({ description: 'What waits for its time.' }),
    currency: z.string(),
    percent: z.number().meta({ description: 'Of a friend’s top-up.' }),
    tier: z.enum(tierNames),
    discountPercent: z.int().meta({ description: 'What the tier takes off every price.' }),
    next: z
      .object({ tier: z.enum(tierNames), from: amount, missing: amount })
      .nullable()
      .meta({ description: 'The tier after it: the earnings it begins at, and what is missing.' }),
  })
  .meta({ id: 'Referrals' });
export type ReferralsAnswer = z.infer<typeof referralsAnswer>;

const settings = { language: z.enum(languages) };
export const settingsBody = z.strictObject(settings).meta({ id: 'ChangeSettings' });
export const settingsAnswer = z.object({ ...settings, wording }).meta({ id: 'Settings' });
export type SettingsAnswer = z.infer<typeof settingsAnswer>;
