/** Tokens by which programs of a shop's owner call its API. Pure. */
export const apiScopes = ['stages:read', 'stages:write', 'stages:send'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** How long one is good, days. */
export const apiTokenDays = { usual: 90, most: 3_650 } as const;

const prefix = 'tillflow_';

/** @param secret 32 random bytes as base64url */
export const makeApiToken = (secret: string): string => `${prefix}${secret}`;

/** @returns undefined when it is no token of ours */
export function parseApiToken(header: string | undefined): string | undefined {
  return /^Bearer (tillflow_[\w-]{43})$/i.exec(header ?? '')?.[1];
}

/** Scopes as people write them, `stages:read,stages:send`. @returns undefined when one is none of ours, or none is given */
export function parseApiScopes(text: string): ApiScope[] | undefined {
  const given = text.split(',').map((part) => part.trim());
  return given.every((part): part is ApiScope => (apiScopes as readonly string[]).includes(part)) ? [...new Set(given)] : undefined;
}
