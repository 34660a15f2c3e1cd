import { contract, type AppName, type Release } from '@plimsoll/model'
import type { Client } from '@plimsoll/client'

/** What one answer holds at most. */
const pageSize = 100

/** The newest `count` releases of an app, newest first; fewer where there are fewer. */
export async function newestReleases(client: Pick<Client, 'call'>, app: AppName, count: number): Promise<Release[]> {
  const found: Release[] = []
  let before: number | undefined
  while (found.length < count) {
    const page = await client.call(contract.listReleases, { params: { app }, query: { before, limit: Math.min(pageSize, count - found.length) } })
    found.push(...page.releases)
    if (page.next === null) break
    before = page.next
  }
  return found
}
