/** Payment stages: a product as Telegram Stars sees it, behind a link of its own. Its price is never kept here: it is quoted when it is shown. Pure. */

/** What a stage says. Telegram's limits of an invoice, so that it may be one anywhere. */
export interface StageFields {
  readonly title: string;
  readonly description: string;
  /** What the price is for. */
  readonly label: string;
  readonly photoUrl: string | null;
  /** What stands behind `?start=` of its link, for good: links of it are in other people's chats. */
  readonly startParameter: string;
}

/** Where a message of a stage went to: `refused` by its chat, `gone` when there was nothing to buy any more. */
export const stageSendStatuses = ['waiting', 'sent', 'refused', 'gone'] as const;
export type StageSendStatus = (typeof stageSendStatuses)[number];

/** Most characters, as Telegram counts them. */
export const stageLimits = { title: 32, description: 255, label: 32, photoUrl: 512, startParameter: 64 } as const;

const startParameterPattern = /^stage_[A-Za-z0-9_-]{1,58}$/;

export const isStageParameter = (text: string): boolean => startParameterPattern.test(text);

const text = (most: number) => ({
  fits: (value: string) => value.trim() !== '' && value.length <= most && value.isWellFormed() && !/\p{Cc}/u.test(value),
  needs: `1 to ${most} characters of text in one line are needed`,
});

/** What each field takes, for every door. */
export const stageRules: { readonly [Name in keyof StageFields]: { fits(value: string): boolean; readonly needs: string } } = {
  title: text(stageLimits.title),
  description: text(stageLimits.description),
  label: text(stageLimits.label),
  photoUrl: {
    fits: isPhotoUrl,
    needs: `an address like https://shop.example/photo.jpg of at most ${stageLimits.photoUrl} characters is needed`,
  },
  startParameter: { fits: isStageParameter, needs: '`stage_` and 1 to 58 letters, digits, `_` and `-` are needed' },
};

/** Telegram fetches it, never we; nobody's password goes there. */
function isPhotoUrl(value: string): boolean {
  if (value.length > stageLimits.photoUrl || !/^https:\/\/[\x21-\x7e]+$/.test(value) || !URL.canParse(value)) return false;
  const { username, password, hostname } = new URL(value);
  return username === '' && password === '' && hostname.includes('.');
}

/** What a stage says when nobody worded it: the product's own words, cut to fit. */
export function wordStage(product: {
  readonly title: string;
  readonly description: string;
}): Pick<StageFields, 'title' | 'description' | 'label'> {
  const title = cut(product.title, stageLimits.title);
  return {
    title,
    label: title,
    description: cut(product.description.trim() === '' ? product.title : product.description, stageLimits.description),
  };
}

/** In one line, by whole characters. */
function cut(words: string, most: number): string {
  const line = words.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (line.length <= most) return line;
  let kept = '';
  for (const character of line) {
    if (kept.length + character.length >= most) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** Half-up percent with one decimal of customers who paid among those who opened; null while nobody did. */
export function conversionPercent(paid: number, opened: number): number | null {
  return opened === 0 ? null : Math.floor((paid * 2_000 + opened) / (2 * opened)) / 10;
}
