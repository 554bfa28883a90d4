import { defineConfig } from 'vitest/config';
import browser from './vitest.browser.config.ts';

/** Takes the pictures that README.md shows: `npm run pictures`. */
export default defineConfig({ test: { ...browser.test, include: ['test/browser/pictures.ts'] } });
