/** Notices: what a customer is told once in a message of its own, because nothing they look at would say it. */

/** What a notice says. Amounts in minor units of `currency`. */
export type NoticeContent =
  /** To a newcomer: a friend's link brought them. */
  | { readonly kind: 'invited' }
  /** To whoever brought a newcomer. `friends`: how many they have brought, with this one. */
  | { readonly kind: 'friendJoined'; readonly friends: number };

export type NoticeKind = NoticeContent['kind'];
