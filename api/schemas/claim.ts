/** Claims from an order within its warranty, as the Mini App sends and gets them. */
import { z } from 'zod';
import { claimReasons, claimStatuses } from '../../domain/claim.ts';
import { orderPath } from './order.ts';
import { id, idPath } from './shop.ts';
import { time } from './wallet.ts';

const title = z.string().meta({ description: 'Of its line.' });
const piece = z.int().min(1).nullable().meta({ description: 'Which of its line, counted from 1; null when the line has one.' });

export const claimsAnswer = z
  .object({
    pieces: z
      .array(
        z.object({
          lineId: id,
          unitId: id.nullable().meta({ description: 'Null for the whole line of what never runs out.' }),
          title,
          piece,
        }),
      )
      .meta({ description: 'What is under warranty and not reported.' }),
    claims: z
      .array(
        z.object({
          id,
          title,
          piece,
          status: z.enum(claimStatuses),
          reason: z.enum(claimReasons).nullable().meta({ description: 'Of a refusal.' }),
          description: z.string().meta({ description: 'What the customer wrote.' }),
          openedAt: time.nullable(),
          canWithdraw: z.boolean(),
        }),
      )
      .meta({ description: 'Newest first.' }),
  })
  .meta({ id: 'Claims' });
export type ClaimsAnswer = z.infer<typeof claimsAnswer>;

export const claimBody = z
  .strictObject({
    lineId: id,
    unitId: id.nullable(),
    description: z
      .string()
      .trim()
      .min(1)
      .max(2_000)
      .regex(/^[^\0]*$/, 'is no text')
      .meta({ description: 'What is wrong with it.' }),
  })
  .meta({ id: 'MakeClaim' });

export const claimPath = orderPath.extend(idPath.shape);
