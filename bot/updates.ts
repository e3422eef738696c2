/** The updates our bots ask Telegram for. What is not named here does not come. */
export const allowedUpdates = [
  'message',
  'callback_query',
  'inline_query',
  'pre_checkout_query',
  'my_chat_member',
  'subscription',
] as const;
