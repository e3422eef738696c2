/** What the bar beside the chat knows: the shop's own words about an order or a deposit, never its database. */
import { z } from 'zod';

const timelineStep = z.object({
  /** ISO time. */
  at: z.string(),
  what: z.string(),
  detail: z.string().nullish(),
});

const noun = z.enum(['order', 'deposit']);

export const timelineSchema = z.object({
  noun,
  code: z.string(),
  status: z.string(),
  total: z.object({ amount: z.number().int(), currency: z.string() }).nullish(),
  /** ISO time until which it can be paid; nothing once that no longer counts. */
  payUntil: z.string().nullish(),
  temporalUrl: z.string().nullish(),
  steps: z.array(timelineStep),
});
export type Timeline = z.infer<typeof timelineSchema>;

export const recentSchema = z.array(z.object({ noun, code: z.string(), status: z.string(), begunAt: z.string() }));
/** An order or a deposit a person began. */
export type Recent = z.infer<typeof recentSchema>[number];

export const holdSchema = z.object({ holdSeconds: z.number().int().positive() });

export const childrenSchema = z.array(
  z.object({ name: z.string(), pid: z.number().nullish(), state: z.string(), restarts: z.number().nullish() }),
);
export type Child = z.infer<typeof childrenSchema>[number];
