/** What a shop's staff are told besides orders: once each, in the staff chat. Every kind has its sentence in texts/. */
export const alertKinds = [
  'ratesApart',
  'ratesJump',
  'ratesStale',
  'ratesBack',
  'methodHidden',
  'methodBack',
  'warnedOf',
  'disputed',
  'takenBack',
  'givenAgain',
  'refundFailed',
  'unequal',
  'ledgerLacks',
  'ledgerHasMore',
  'chainStale',
  'chainBack',
  'addressesUnused',
  'addressesUsedUp',
  'stockLow',
  'stockOut',
  'stockBack',
  'stageSend',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What its sentence takes. `amount`, `statement`, `ledger` and `fees` (minor units) go with `currency` and are shown as money. No names, no secrets. */
export type AlertParams = Readonly<Record<string, string | number>>;
