/** The sandbox's Stripe account of the demo shop. No real account has these. */
export const demoSecretKey = 'sk_test_sandboxdemo';
export const demoWebhookSecret = 'whsec_sandboxdemo';

/** API version the sandbox answers in and stamps on its events. */
export const sandboxApiVersion = '2026-08-26.dahlia';
