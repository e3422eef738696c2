import { findTool, skipFor } from './tools.ts';

/** Flags for a headless Chromium that also runs as root and asks nothing of the network. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Path of a Chromium for playwright-core, or undefined after saying that its tests are skipped. */
export function findChromium(): string | undefined {
  return (
    findTool(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) ??
    skipFor('Chromium', 'install chromium to run the browser tests.')
  );
}
