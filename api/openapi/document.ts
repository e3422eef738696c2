/** Everything public, as one OpenAPI document. */
import { z } from 'zod';
import { createDocument, type oas31 } from 'zod-openapi';
import { claimPaths } from './claim.ts';
import { customerPaths } from './customer.ts';
import { operation } from './operation.ts';
import { paymentPaths } from './payment.ts';
import { shopPaths } from './shop.ts';
import { stagePaths } from './stage.ts';
import { statusPaths } from './status.ts';
import { voucherPaths } from './voucher.ts';
import { webhookPaths } from './webhooks.ts';

const about = `A shop in Telegram: what its Mini App calls, what providers call, and what watches it. Amounts are whole minor units of a currency
(XTR: Stars). \`/api/...\` is the deployment’s first shop, \`/api/shops/{shop}/...\` any of them.`;

const self = {
  '/openapi.json': {
    get: operation('This document', 'Watching', {
      responses: {
        200: { description: 'OpenAPI 3.1.', content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } } },
      },
    }),
  },
  '/docs': {
    get: operation('This document as a page', 'Watching', {
      responses: { 200: { description: 'A page without scripts.', content: { 'text/html': { schema: z.string() } } } },
    }),
  },
};

export function makeDocument({ version, publicUrl }: { version: string; publicUrl: string }): oas31.OpenAPIObject {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'Tillflow', version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: publicUrl }],
    tags: [
      { name: 'Mini App', description: 'By the customer, as Telegram signed it.' },
      {
        name: 'Stages',
        description: 'By programs of a shop’s owner, each with a token of `tillflow token create` as bearer; the shop is the token’s.',
      },
      { name: 'Webhooks', description: 'By providers, each signed their way.' },
      { name: 'Watching', description: 'By whoever runs it.' },
    ],
    components: { securitySchemes: { statusToken: { type: 'http', scheme: 'bearer' }, apiToken: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...shopPaths,
      ...customerPaths,
      ...claimPaths,
      ...voucherPaths,
      ...paymentPaths,
      ...stagePaths,
      ...webhookPaths,
      ...statusPaths,
      ...self,
    },
  }) as oas31.OpenAPIObject;
}
