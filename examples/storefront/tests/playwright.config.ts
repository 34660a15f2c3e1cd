import { defineConfig } from '@playwright/test'
import { webUrl } from './shop.ts'

const { PLIMSOLL_BROWSER: browser, PLIMSOLL_HOST_RULES: hostRules, PLIMSOLL_REPORT: report } = process.env

export default defineConfig({
  testDir: 'journeys',
  outputDir: `${process.env['TMPDIR'] ?? '/tmp'}/journeys`,
  // Each begins at the door with a browser of its own, so they may walk side by side.
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  reporter: report ? [['list'], ['json', { outputFile: report }]] : 'list',
  use: {
    baseURL: webUrl,
    reducedMotion: 'reduce',
    launchOptions: {
      ...(browser && { executablePath: browser }),
      // Pages ask for the addresses that they were built with; these lead to the copy that is tested.
      args: hostRules ? [`--host-resolver-rules=${hostRules}`] : [],
    },
  },
})
