import type { LogLine, ServiceName } from '@plimsoll/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DeployEnd } from '../in-place/platform.ts'
import { unhurried } from './driver-under-test.ts'
import type { PlatformUnderTest } from './platform-under-test.ts'

/** What every place promises that builds and moves traffic by itself. `make` gives each test a place of its own. */
export function describePlatform(name: string, make: () => Promise<PlatformUnderTest>): void {
  describe(`the platform contract: ${name}`, () => {
    let under: PlatformUnderTest
    beforeEach(async () => {
      under = await make()
    })
    afterEach(() => under.dispose())
    describeSurvey(() => under)
    describeDeploys(() => under)
    describeGoingBack(() => under)
    describeWhatIsPrinted(() => under)
  })
}

/** Makes every change that surveys tell, until they tell none. */
async function settled({ platform, wanted }: PlatformUnderTest, colour = 'red'): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const { changes } = await platform.survey(wanted(colour), unhurried)
    if (changes.length === 0) return
    for (const prepared of changes) await platform.apply(prepared, unhurried)
  }
  throw new Error('it does not settle')
}

async function deployed({ platform, app, source }: PlatformUnderTest, service: ServiceName, which: 1 | 2): Promise<{ id: string; end: DeployEnd; lines: LogLine[] }> {
  const lines: LogLine[] = []
  const id = await platform.begin({ app, service, source: source(which) }, unhurried)
  return { id, end: await platform.follow({ app, service, id, tell: (line) => void lines.push(line) }, unhurried), lines }
}

function describeSurvey(get: () => PlatformUnderTest): void {
  it('tells what it cannot do, and what a rollback leaves, in whole sentences', () => {
    expect(get().platform.cannot.length).toBeGreaterThan(0)
    expect(get().platform.rollBackLeaves.length).toBeGreaterThan(0)
  })

  it('makes what is missing until nothing differs, whoever looks, and tells nothing twice', async () => {
    const under = get()
    await settled(under)
    expect((await under.another().survey(under.wanted('red'), unhurried)).changes).toEqual([])
    expect(await under.variables(under.web)).toMatchObject({ COLOUR: 'red', API: expect.any(String) })
  })

  it('names all that a change touches before it is made, also those that refer to what is made', async () => {
    const { platform, wanted, web, api } = get()
    const { changes } = await platform.survey(wanted('red'), unhurried)
    expect(new Set(changes.flatMap(({ change }) => change.services))).toEqual(new Set([web, api]))
  })

  it('shows which variable differs, and never its value', async () => {
    const under = get()
    await settled(under)
    const { changes } = await under.platform.survey(under.wanted('a secret blue'), unhurried)
    expect(changes.map(({ change }) => change)).toEqual([{ is: 'update', what: 'variable', name: under.web, fields: ['COLOUR'], services: [under.web] }])
    expect(JSON.stringify(changes.map(({ change }) => change))).not.toContain('secret')
    expect((await under.platform.survey(under.wanted('a secret blue'), unhurried)).environments[under.web]).toMatchObject({ COLOUR: { value: 'a secret blue' }, API: expect.anything() })
  })

  it('leaves variables that the Blueprint does not own as they are', async () => {
    const under = get()
    await settled(under)
    await under.setByHand(under.web, 'THEIRS', 'kept')
    await settled(under, 'blue')
    expect(await under.variables(under.web)).toMatchObject({ COLOUR: 'blue', THEIRS: 'kept' })
  })

  it('makes a change that was made already once more without harm', async () => {
    const under = get()
    await settled(under)
    const { changes: [change] } = await under.platform.survey(under.wanted('blue'), unhurried)
    if (change === undefined) throw new Error('nothing differs')
    await under.platform.apply(change, unhurried)
    await under.another().apply(change, unhurried)
    expect((await under.platform.survey(under.wanted('blue'), unhurried)).changes).toEqual([])
  })
}

function describeDeploys(get: () => PlatformUnderTest): void {
  it('leaves out of the stands what is not there', async () => {
    const { platform, app, web, api } = get()
    expect(await platform.stands(app, [web, api], unhurried)).toEqual({})
    expect(await platform.deploysAfter({ app, service: web, after: null }, unhurried)).toEqual([])
  })

  it('puts live what it is asked for, and says so to whoever looks', async () => {
    const under = get()
    await settled(under)
    const { id, end } = await deployed(under, under.api, 1)
    expect(end).toEqual({ is: 'live' })
    expect(await under.another().stands(under.app, [under.api], unhurried)).toMatchObject({ [under.api]: { live: { id, source: under.source(1) }, newest: id, instances: expect.arrayContaining([{ id: expect.any(String), startedAt: expect.any(String) }]) } })
  })

  it('gives an ended deploy its end again, to whoever follows it later', async () => {
    const under = get()
    await settled(under)
    const { id } = await deployed(under, under.api, 1)
    expect(await under.another().follow({ app: under.app, service: under.api, id, tell: () => undefined }, unhurried)).toEqual({ is: 'live' })
  })

  it.each([['build fails', 'build'], ['never healthy', 'start']] as const)('of a deploy that ends badly (%s) it says in which part, and what was live stays live', async (fate, during) => {
    const under = get()
    await settled(under)
    const before = await deployed(under, under.api, 1)
    under.fate(under.api, fate)
    const { end } = await deployed(under, under.api, 2)
    expect(end).toMatchObject({ is: 'failed', during })
    expect(await under.platform.stands(under.app, [under.api], unhurried)).toMatchObject({ [under.api]: { live: { id: before.id } } })
  })

  it('does not take for live what another deploy has replaced', async () => {
    const under = get()
    await settled(under)
    const { id } = await deployed(under, under.api, 1)
    await under.deployByHand(under.api)
    expect(await under.platform.follow({ app: under.app, service: under.api, id, tell: () => undefined }, unhurried)).toEqual({ is: 'replaced' })
  })

  it('shows the deploys after a mark, newest first, with who asked for them and what they run', async () => {
    const under = get()
    await settled(under)
    const { id: mark } = await deployed(under, under.api, 1)
    const { id } = await deployed(under, under.api, 2)
    await under.deployByHand(under.api)
    const since = await under.platform.deploysAfter({ app: under.app, service: under.api, after: mark }, unhurried)
    expect(since).toMatchObject([{ is: 'live', by: 'other' }, { id, is: 'replaced', by: 'asked', source: under.source(2) }])
  })

  it('gives up what goes on, and leaves what has ended', async () => {
    const under = get()
    await settled(under)
    const before = await deployed(under, under.api, 1)
    const id = await under.platform.begin({ app: under.app, service: under.api, source: under.source(2) }, unhurried)
    await under.platform.cancel({ app: under.app, service: under.api, id }, unhurried)
    await under.platform.cancel({ app: under.app, service: under.api, id: before.id }, unhurried)
    expect(await under.platform.follow({ app: under.app, service: under.api, id, tell: () => undefined }, unhurried)).toEqual({ is: 'canceled' })
    expect(await under.platform.stands(under.app, [under.api], unhurried)).toMatchObject({ [under.api]: { live: { id: before.id } } })
  })
}

function describeGoingBack(get: () => PlatformUnderTest): void {
  it('goes back to what an earlier deploy has put live, by a deploy of its own', async () => {
    const under = get()
    await settled(under)
    const { id: to } = await deployed(under, under.api, 1)
    const { id: mark } = await deployed(under, under.api, 2)
    const id = await under.platform.rollBack({ app: under.app, service: under.api, to }, unhurried)
    expect(await under.platform.follow({ app: under.app, service: under.api, id, tell: () => undefined }, unhurried)).toEqual({ is: 'live' })
    expect(await under.platform.deploysAfter({ app: under.app, service: under.api, after: mark }, unhurried)).toMatchObject([{ id, is: 'live', by: 'rollback', source: under.source(1) }])
  })

  it('says of a deploy that is kept no more that there is nothing to go back to, and leaves what is live', async () => {
    const under = get()
    await settled(under)
    const { id } = await deployed(under, under.api, 1)
    await expect(under.platform.rollBack({ app: under.app, service: under.api, to: 'dep-nowhere' }, unhurried)).rejects.toMatchObject({ code: 'NOTHING_TO_ROLL_BACK' })
    expect(await under.platform.stands(under.app, [under.api], unhurried)).toMatchObject({ [under.api]: { live: { id } } })
  })

  it('holds auto-deploy once, and of a service that is not there says that none was', async () => {
    const under = get()
    expect(await under.platform.holdAutoDeploy({ app: under.app, service: under.api }, unhurried)).toBe(false)
    await settled(under)
    expect(await under.platform.holdAutoDeploy({ app: under.app, service: under.api }, unhurried)).toBe(true)
    expect(await under.another().holdAutoDeploy({ app: under.app, service: under.api }, unhurried)).toBe(false)
  })
}

function describeWhatIsPrinted(get: () => PlatformUnderTest): void {
  const read = async ({ platform, app }: PlatformUnderTest, services: readonly ServiceName[], tail: number): Promise<LogLine[]> => {
    const lines: LogLine[] = []
    for await (const line of platform.logs({ app, services, tail, follow: false }, unhurried)) lines.push(line)
    return lines
  }

  it('tells nothing of what is not there', async () => {
    expect(await read(get(), [get().web], 10)).toEqual([])
  })

  it('tells the last lines of the wanted services, oldest first, with what printed them', async () => {
    const under = get()
    await settled(under)
    for (const [service, text] of [[under.web, 'first'], [under.api, 'second'], [under.web, 'third']] as const) await under.print(service, text)
    expect((await read(under, [under.web, under.api], 2)).map(({ service, text }) => [service, text])).toEqual([[under.api, 'second'], [under.web, 'third']])
    expect(await read(under, [under.web], 2)).toMatchObject([{ text: 'first' }, { service: under.web, stream: 'out', instance: expect.any(String), text: 'third' }])
  })

  it('tells more lines than go on one page, each once', async () => {
    const under = get()
    await settled(under)
    for (let line = 1; line <= 250; line += 1) await under.print(under.web, `line ${line}`)
    expect((await read(under, [under.web], 230)).map(({ text }) => text)).toEqual(Array.from({ length: 230 }, (_, index) => `line ${index + 21}`))
  })

  it('follows what is printed from then on, each line once, until its reader has had enough', async () => {
    const under = get()
    await settled(under)
    for (const text of ['long ago', 'before']) await under.print(under.web, text)
    const enough = new AbortController()
    const followed: string[] = []
    for await (const { text } of under.platform.logs({ app: under.app, services: [under.web, under.api], tail: 1, follow: true }, enough.signal)) {
      followed.push(text)
      if (followed.length < 4) await under.print(followed.length % 2 === 0 ? under.web : under.api, `news ${followed.length}`)
      else enough.abort()
    }
    expect(followed).toEqual(['before', 'news 1', 'news 2', 'news 3'])
  })
}
