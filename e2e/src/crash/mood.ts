/** What is wrong with a version, as what stands in its Blueprint in place of what should. What is wrong with a `bad` one is in a file of its worker. */
const spoiled = {
  good: ['', ''],
  bad: ['', ''],
  unbuilt: ['node --check crash/worker.mjs', 'node --check crash/is-not-there.mjs'],
  unmigrated: ['node crash/migrate.mjs', 'node crash/is-not-there.mjs'],
  unhealthy: ['/healthz', '/is-not-there'],
} as const
export type Mood = keyof typeof spoiled

/** The files of a version in which it differs from the others: path → text. */
export function versionOf(mood: Mood, blueprint: string): Readonly<Record<string, string>> {
  const [good, bad] = spoiled[mood]
  return { 'render.yaml': blueprint.replace(good, bad), 'crash/mood.mjs': `export const mood = '${mood === 'bad' ? 'bad' : 'good'}'\n` }
}
