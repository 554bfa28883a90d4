import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { logoIconUrl } from '../src/slack/pages/layout.ts';

/** `npm run icons` makes the app's icon for Slack, docs/pictures/icon-512.png and icon-1024.png, from the SVG of its pages. */
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
const page = await browser.newPage({ viewport: { width: 512, height: 512 } });
await page.setContent(
  `<body style="margin:0;display:grid;place-items:center;height:100vh;background:#1d2939"><img src="${logoIconUrl}" width="80%">`,
);
for (const px of [512, 1024]) {
  await page.setViewportSize({ width: px, height: px });
  await page.screenshot({ path: fileURLToPath(new URL(`../docs/pictures/icon-${px}.png`, import.meta.url)) });
}
await browser.close();
