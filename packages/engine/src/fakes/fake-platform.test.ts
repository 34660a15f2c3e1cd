import { serviceNameSchema, type ServiceName } from '@plimsoll/model'
import { describePlatform } from '../contract/describe-platform.ts'
import type { DeployEnd } from '../in-place/platform.ts'
import { fakePlatform, fakeWorkspace } from './fake-platform.ts'
import { shop } from './release-world.ts'

const fates: Readonly<Record<string, DeployEnd>> = { 'build fails': { is: 'failed', during: 'build', log: [] }, 'never healthy': { is: 'failed', during: 'start', log: [] } }

describePlatform('fake', async () => {
  const workspace = fakeWorkspace()
  const due: { readonly service: ServiceName; readonly fate: string }[] = []
  const becomes = (service: ServiceName): DeployEnd | undefined => {
    const index = due.findIndex((each) => each.service === service)
    return index < 0 ? undefined : fates[due.splice(index, 1)[0]?.fate ?? '']
  }
  const platform = fakePlatform({ workspace, becomes })
  const service = (name: string) => workspace.services.get(name)
  return {
    platform, app: shop, web: serviceNameSchema.parse('web'), api: serviceNameSchema.parse('api'),
    another: () => fakePlatform({ workspace, becomes }),
    wanted: (colour) => ({ app: shop, source: { root: '/repo', blueprint: 'render.yaml', commit: 'c', dirty: false }, blueprint: JSON.stringify({ web: { API: '@api', COLOUR: colour }, api: {} }), specs: [] }),
    source: (which) => ({ commit: String(which).repeat(40) }),
    fate: (name, fate) => void due.push({ service: name, fate }),
    deployByHand: async (name) => platform.deployByHand(name, { commit: '9'.repeat(40) }),
    variables: async (name) => Object.fromEntries(service(name)?.variables ?? []),
    setByHand: async (name, key, text) => void service(name)?.variables.set(key, text),
    print: async (name, text) => void workspace.printed.push({ at: new Date().toISOString(), service: name, instance: `${name}-1`, stream: 'out', text }),
    dispose: async () => undefined,
  }
})
