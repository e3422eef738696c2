/** What is looked at of a webhook before it is believed. */
import { z } from 'zod';

/** The random part of an address of ours; nothing else needs to be looked for. */
export const endpointId = z.string().regex(/^[\w-]{1,64}$/);
export const updateEnvelope = z.looseObject({ update_id: z.number().int().nonnegative() });
