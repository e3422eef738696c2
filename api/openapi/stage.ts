/** What programs of a shop's owner may do, described by the schemas it is parsed with. */
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { ApiScope } from '../../domain/api-token.ts';
import { idPath } from '../schemas/shop.ts';
import {
  sendAnswer,
  sendBody,
  sendHeaders,
  stageAnswer,
  stageBody,
  stageChanges,
  stagesAnswer,
  stagesQuery,
  statsAnswer,
} from '../schemas/stage.ts';
import { changes, jsonBody, looks } from './mini-app.ts';
import { answer, operation } from './operation.ts';

const call = (summary: string, scope: ApiScope, rest: Omit<ZodOpenApiOperationObject, 'summary' | 'tags'>): ZodOpenApiOperationObject =>
  operation(summary, 'Stages', { description: `Scope \`${scope}\`.`, security: [{ apiToken: [] }], ...rest });

const one = { requestParams: { path: idPath } };

export const stagePaths: ZodOpenApiPathsObject = {
  '/api/stages': {
    get: call('Stages, newest first', 'stages:read', {
      requestParams: { query: stagesQuery },
      responses: { 200: answer(stagesAnswer, 'A page of them, with what they cost now.'), ...looks },
    }),
    post: call('Makes the stage of a product', 'stages:write', {
      requestBody: jsonBody({ schema: stageBody }),
      responses: { 201: answer(stageAnswer, 'It is made.'), ...changes },
    }),
  },
  '/api/stages/{id}': {
    get: call('A stage, also a removed one', 'stages:read', { ...one, responses: { 200: answer(stageAnswer, 'As it stands.'), ...looks } }),
    patch: call('Changes what a stage says', 'stages:write', {
      ...one,
      requestBody: jsonBody({ schema: stageChanges }),
      responses: { 200: answer(stageAnswer, 'As it is now.'), ...changes },
    }),
    delete: call('Removes a stage', 'stages:write', {
      ...one,
      responses: { 200: answer(stageAnswer, 'Its links lead to the product; its numbers stay.'), ...looks },
    }),
  },
  '/api/stages/{id}/send': {
    post: call('Sends a stage into a chat', 'stages:send', {
      requestParams: { path: idPath, header: sendHeaders },
      requestBody: jsonBody({ schema: sendBody }),
      responses: { 200: answer(sendAnswer, 'Written down, or what became of it: the same call again asks.'), ...changes },
    }),
  },
  '/api/stages/{id}/stats': {
    get: call('How a stage has done', 'stages:read', { ...one, responses: { 200: answer(statsAnswer, 'Counted now.'), ...looks } }),
  },
};
