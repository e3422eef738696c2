/** What every call of a Mini App names: the shop in its address, and its customer in a header. */
import { z } from 'zod';

export const shopPath = z.object({ shop: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'is no name of a shop') });

export const visitHeaders = z.object({
  'x-telegram-init-data': z.string().min(1).max(4_096).meta({ description: '`Telegram.WebApp.initData` as it is; a day old at most.' }),
});
