import type { AppName } from '@plimsoll/model'

/** What to type so that an app has these values. */
export function setCommand(app: AppName, keys: readonly string[]): string {
  return `plimsoll env set --app ${app} ${keys.map((key) => `${key}=…`).join(' ')}`
}
