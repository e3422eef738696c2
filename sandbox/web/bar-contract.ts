/** What the bar beside the chat knows: the shop's own words about an order, never its database. */
import { z } from 'zod';

const timelineStep = z.object({
  /** ISO time. */
  at: z.string(),
  what: z.string(),
  detail: z.string().nullish(),
});

export const timelineSchema = z.object({
  code: z.string(),
  status: z.string(),
  total: z.object({ amount: z.number().int(), currency: z.string() }).nullish(),
  /** ISO time; nothing once the hold no longer counts. */
  holdEndsAt: z.string().nullish(),
  temporalUrl: z.string().nullish(),
  steps: z.array(timelineStep),
});
export type Timeline = z.infer<typeof timelineSchema>;

export const recentOrdersSchema = z.array(z.object({ code: z.string(), status: z.string(), placedAt: z.string() }));
export type RecentOrder = z.infer<typeof recentOrdersSchema>[number];

export const holdSchema = z.object({ holdSeconds: z.number().int().positive() });

export const childrenSchema = z.array(
  z.object({ name: z.string(), pid: z.number().nullish(), state: z.string(), restarts: z.number().nullish() }),
);
export type Child = z.infer<typeof childrenSchema>[number];
