/** Stages, as programs of a shop's owner send and get them. */
import { z } from 'zod';
import { type StageFields, stageLimits, stageRules, stageSendStatuses } from '../../domain/stage.ts';
import { amount, id } from './shop.ts';
import { cursor } from './wallet.ts';

const field = (name: keyof StageFields, most: number) =>
  z.string().max(most).refine(stageRules[name].fits, { error: stageRules[name].needs });

const title = field('title', stageLimits.title);
const description = field('description', stageLimits.description);
const label = field('label', stageLimits.label).meta({ description: 'What the price is for.' });
const photoUrl = field('photoUrl', stageLimits.photoUrl).meta({
  description: 'Telegram fetches it; one that is gone leaves the text.',
  example: 'https://shop.example/photo.jpg',
});
const startParameter = field('startParameter', stageLimits.startParameter).meta({
  description: 'What stands behind `?start=` of its link, for good.',
  example: 'stage_summer',
});

const words = {
  title: title.optional(),
  description: description.optional(),
  label: label.optional(),
  photoUrl: photoUrl.nullable().optional(),
};

export const stageBody = z
  .strictObject({
    productId: id.meta({ description: 'A product on sale for Stars. It has one stage.' }),
    ...words,
    startParameter: startParameter.optional(),
  })
  .meta({ id: 'CreateStage', description: 'What is not said is said in the product’s words.' });

export const stageChanges = z
  .strictObject(words)
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), { path: ['body'], error: 'names nothing that changes' })
  .meta({ id: 'ChangeStage' });

export const stageAnswer = z
  .object({
    id,
    productId: id,
    title: z.string(),
    description: z.string(),
    label: z.string(),
    photoUrl: z.string().nullable(),
    payload: z.string().meta({ description: 'By which it is the same stage wherever it is copied to.' }),
    startParameter: z.string(),
    link: z.url().nullable().meta({ description: 'Null while the shop’s bot has no name at Telegram.' }),
    stars: z.int().min(0).nullable().meta({ description: 'What one costs now, to anybody; null while it is not sold for Stars.' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    removedAt: z.iso.datetime().nullable().meta({ description: 'Since then its links lead to the product.' }),
  })
  .meta({ id: 'Stage' });
export type StageAnswer = z.infer<typeof stageAnswer>;

export const stagesQuery = z.strictObject({
  cursor: cursor.optional(),
  all: z.enum(['true', 'false']).optional().meta({ description: 'Also removed ones.' }),
});
export const stagesAnswer = z
  .object({ stages: z.array(stageAnswer), next: id.nullable().meta({ description: '`cursor` of the next page.' }) })
  .meta({ id: 'Stages' });

export const sendBody = z
  .strictObject({
    chat: z
      .union([z.literal('staff'), z.int()], { error: '`staff` or the id of a customer’s chat is needed' })
      .meta({ description: 'The staff chat, or a customer’s chat by its id at Telegram.' }),
  })
  .meta({ id: 'SendStage' });

export const sendHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{8,200}$/, '8 to 200 visible characters are needed')
    .meta({ description: 'The same key is the same message, however often the call comes.' }),
});

export const sendAnswer = z
  .object({ id, stageId: id, status: z.enum(stageSendStatuses) })
  .meta({ id: 'StageMessage', description: '`refused` by its chat; `gone`: there was nothing to buy any more.' });

export const statsAnswer = z
  .object({
    id,
    sent: amount,
    waiting: amount,
    unsent: amount.meta({ description: 'Messages that were refused, or had nothing to sell.' }),
    opened: amount.meta({ description: 'Customers who came by its link.' }),
    openedTimes: amount,
    orders: amount.meta({ description: 'That began there.' }),
    paid: amount,
    refunded: amount.meta({ description: 'Of the paid ones: paid back whole.' }),
    revenue: z.array(z.object({ currency: z.string(), amount, refunded: amount })).meta({ description: 'Stars are `XTR`.' }),
    conversionPercent: z
      .number()
      .nullable()
      .meta({ description: 'Customers who paid among those who opened, one decimal; null while nobody came.' }),
  })
  .meta({ id: 'StageStats' });
