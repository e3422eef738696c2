/** Refusals as the Bot API words them. */
export class BotApiError extends Error {
  readonly code: 400 | 401 | 403 | 404 | 409 | 429 | 500;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: BotApiError['code'], description: string, retryAfterSeconds?: number) {
    super(description);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The body of the answer. */
  toBody(): object {
    const { code, message, retryAfterSeconds } = this;
    const parameters = retryAfterSeconds === undefined ? {} : { parameters: { retry_after: retryAfterSeconds } };
    return { ok: false, error_code: code, description: message, ...parameters };
  }
}

export const badRequest = (words: string) => new BotApiError(400, `Bad Request: ${words}`);
export const forbidden = (words: string) => new BotApiError(403, `Forbidden: ${words}`);

/** What a person in the chat page or a script asked for and cannot have. */
export class ChatError extends Error {
  readonly status: 400 | 404 | 409;
  constructor(status: ChatError['status'], message: string) {
    super(message);
    this.status = status;
  }
}
