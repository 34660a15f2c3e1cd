import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'

const source = new URL('./pages/', import.meta.url)
const target = new URL('./dist/', import.meta.url)
const layout = await readFile(new URL('./layout.html', import.meta.url), 'utf8')

await rm(target, { recursive: true, force: true })
await mkdir(target, { recursive: true })
await cp(new URL('./assets/', import.meta.url), new URL('./assets/', target), { recursive: true })

for (const file of await readdir(source)) {
  const page = await readFile(new URL(file, source), 'utf8')
  const title = /<h1[^>]*>(.*?)<\/h1>/s.exec(page)?.[1]
  if (title === undefined) throw new Error(`${file} has no <h1>`)
  const html = layout.replace('{{title}}', () => title).replace('{{page}}', () => page)
  await writeFile(new URL(file, target), html)
}
