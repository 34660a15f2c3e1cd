import { z } from 'zod'
import { readJson } from './read-json.ts'
import type { RepositoryFiles } from './repository-files.ts'

const listSchema = z.array(z.string()).default([]).catch([])
const taskSchema = z.object({ dependsOn: listSchema, env: listSchema, passThroughEnv: listSchema }).catch({ dependsOn: [], env: [], passThroughEnv: [] })
const tasksSchema = z.record(z.string(), taskSchema).default({}).catch({})
const turboSchema = z.object({ tasks: tasksSchema, pipeline: tasksSchema, globalEnv: listSchema, globalPassThroughEnv: listSchema, envMode: z.string().optional().catch(undefined) })

/** What a turbo.json says, under its present names. */
export interface TurboFile {
  readonly tasks: Readonly<Record<string, z.infer<typeof taskSchema>>>
  readonly globalEnv: readonly string[]
  readonly isStrict: boolean
}

/** The turbo.json of a directory; undefined where there is none that can be read. */
export function turboFile({ text }: Pick<RepositoryFiles, 'text'>, directory = ''): TurboFile | undefined {
  const at = directory === '' ? '' : `${directory}/`
  const read = turboSchema.safeParse(readJson(text(`${at}turbo.json`) ?? text(`${at}turbo.jsonc`)))
  if (!read.success) return undefined
  const { tasks, pipeline, globalEnv, globalPassThroughEnv, envMode } = read.data
  return { tasks: { ...pipeline, ...tasks }, globalEnv: [...globalEnv, ...globalPassThroughEnv], isStrict: envMode !== 'loose' }
}
