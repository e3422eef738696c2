/** The sandbox's NOWPayments account of the demo shop. No real account has these. */
export const demoApiKey = 'SANDBOX-DEMO-0000000-0000000';
export const demoIpnSecret = 'sandboxDemoIpnSecret';
