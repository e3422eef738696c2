/** Does nothing: what the server and the worker alone take. */
export async function emptyWorkflow(): Promise<void> {}
