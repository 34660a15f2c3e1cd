/** What is wrong with a version, as what stands in its Blueprint, or in what it is built by, in place of what should. What is wrong with a `bad` one is in a file of its worker; a `sick` one passes every check, until users come. */
const spoiled = {
  good: ['', ''],
  bad: ['', ''],
  unbuilt: ['node --check crash/worker.mjs', 'node --check crash/is-not-there.mjs'],
  unmigrated: ['node crash/migrate.mjs', 'node crash/is-not-there.mjs'],
  unhealthy: ['/readyz', '/is-not-there'],
  sick: ['node shop-server.mjs', 'SHOP_SICK=1 node shop-server.mjs'],
} as const
export type Mood = keyof typeof spoiled

/** The files of a version in which it differs from the others: path → text. `recipe`: Blueprint, and what else says how it is built, of a good one. */
export function versionOf(mood: Mood, recipe: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const [good, bad] = spoiled[mood]
  const written = Object.entries(recipe).map(([path, text]) => [path, text.replaceAll(good, bad)])
  return { ...Object.fromEntries(written), 'crash/mood.mjs': `export const mood = '${mood === 'bad' ? 'bad' : 'good'}'\n` }
}
