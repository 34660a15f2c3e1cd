import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { launchBrowser, watchedPage, type WatchedPage } from './chromium.ts'
import { startFakeApi, type FakeApi, type World } from './fake-api.ts'
import { builtConsole, startConsole, type RunningConsole } from './start-console.ts'

export interface StagedConsole {
  readonly browser: Browser
  readonly api: FakeApi
  readonly running: RunningConsole
  readonly watched: WatchedPage
  readonly page: Page
}

/**
 * For the tests of one `describe`: the built console before an API of `aWorld`, made anew for each test, and a page of somebody who has signed in, or of
 * somebody who has not. After each test nothing may have gone wrong in that page. What is returned tells what there is now.
 */
export function stageConsole(aWorld: () => World, { signedIn = true }: { readonly signedIn?: boolean } = {}): () => StagedConsole {
  let stage: Omit<StagedConsole, 'watched' | 'page'> | undefined
  let now: StagedConsole | undefined
  beforeAll(async () => {
    await builtConsole()
    const api = await startFakeApi(aWorld())
    stage = { api, running: await startConsole({ PLIMSOLL_API_URL: api.url }), browser: await launchBrowser() }
  }, 240_000)
  afterAll(async () => {
    await stage?.browser.close()
    await stage?.running.close()
    await stage?.api.close()
  })
  beforeEach(async () => {
    if (stage === undefined) throw new Error('the console was not started')
    Object.assign(stage.api.world, aWorld())
    stage.api.steered.length = 0
    const watched = await watchedPage(stage.browser, signedIn ? { session: stage.api.token } : {})
    now = { ...stage, watched, page: watched.page }
  })
  afterEach(async () => {
    await now?.watched.close()
    expect(now?.watched.faults, stage?.running.output()).toEqual([])
  })
  return () => {
    if (now === undefined) throw new Error('the console is there from the first test on')
    return now
  }
}
