import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from './e2e/fixtures/chromium'

export default defineConfig({
  testDir: './e2e',
  outputDir: './.results',
  // Only a fault takes so long, or a machine with much else to do.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // Two browsers at a time: the specs start whole gateways beside them. Each test has a gateway, ports and a data directory of its own.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env['CI']),
  retries: process.env['CI'] ? 1 : 0,
  reporter: process.env['CI'] ? [['list'], ['github']] : 'list',
  use: { trace: 'on-first-retry', launchOptions: chromiumLaunchOptions() },
})
