import 'server-only'
import { contract } from '@plimsoll/model'
import { askApi } from './ask-api.ts'

/** The apps that whoever looks may see; none where that cannot be had. */
export async function appNames(): Promise<readonly string[]> {
  const apps = await askApi(contract.listApps, {})
  return apps.is === 'answer' ? apps.value.map(({ name }) => name) : []
}
