import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** What a Chromium is called where it is installed: by Debian, by Google, by Microsoft. */
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'chrome']

/** The executable of a Chromium: the one that `PLIMSOLL_BROWSER` names, else the first on the path; undefined where there is none. */
export async function findBrowser(environment: Readonly<Record<string, string | undefined>>): Promise<string | undefined> {
  const named = environment['PLIMSOLL_BROWSER']
  if (named !== undefined) return named
  for (const directory of (environment['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(directory, name)
      if (await access(file, constants.X_OK).then(() => true, () => false)) return file
    }
  }
  return undefined
}
