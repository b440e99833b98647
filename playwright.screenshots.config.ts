import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

/** Makes the pictures of the README: `npm run screenshots`. */
export default defineConfig({
  ...base,
  projects: [{ name: 'screenshots', testMatch: 'screenshots.ts' }],
  workers: 1,
  reporter: 'list',
});
