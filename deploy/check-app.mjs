/** Health check of the app's container: the process answers. Whether a purchase would work is `/ready`, which a restart does not mend. */
const port = process.env.TILLFLOW_APP_PORT || '8080';
const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) });
if (!response.ok) throw new Error(`/health answered ${response.status}`);
