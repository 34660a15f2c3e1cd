import { createScaleScene } from './scale/scale-scene.ts'
import { writeFileSync, existsSync } from 'node:fs'
const scene = await createScaleScene()
writeFileSync('/tmp/scale.json', JSON.stringify({ connection: scene.connection, apiUrl: scene.apiUrl, session: scene.session, apiPid: scene.apiPid, token: scene.token, home: scene.home }))
console.log('ready')
while (!existsSync('/tmp/scale-stop')) await new Promise((r) => setTimeout(r, 500))
console.log(await scene.leave())
