import { fieldsOf, formsWith, serverTitles, serviceForms, type ServiceForm } from './service-fields.ts'
import { record, type Field, type RecordShape, type Shape } from './shape.ts'
import { textOf, type MapNode, type YamlNode } from './yaml-tree.ts'

/** What people write on services that does not exist → what to write. From Blueprints seen in the wild. */
const instead: Readonly<Record<string, string>> = {
  nodeVersion: 'set it with an environment variable NODE_VERSION, or engines.node in package.json',
  healthCheckTimeout: 'health checks have no settings but healthCheckPath; remove the line',
  healthCheckInterval: 'health checks have no settings but healthCheckPath; remove the line',
  healthCheckInitialDelay: 'health checks have no settings but healthCheckPath; remove the line',
  root: 'write rootDir',
  rootDirectory: 'write rootDir',
  baseDir: 'write rootDir',
  command: 'write startCommand (dockerCommand for runtime: docker)',
  start: 'write startCommand',
  build: 'write buildCommand',
  publishPath: 'write staticPublishPath',
  publishDirectory: 'write staticPublishPath',
  staticPath: 'write staticPublishPath',
  dockerArgs: 'build arguments are environment variables; write them under envVars',
  dockerfile: 'write dockerfilePath',
  filter: 'write buildFilter',
  paths: 'it belongs inside buildFilter',
  caching: 'there is no such setting; remove the line',
  cache: 'there is no such setting; remove the line',
  addons: 'databases are listed under databases: at the root',
  notifications: 'notifications are set in the dashboard; remove the line',
  skip: 'there is no such setting; remove the line',
  port: 'Render tells the program its port in PORT; to choose it, add PORT to envVars',
  ports: 'Render tells the program its port in PORT; to choose it, add PORT to envVars',
  instances: 'write numInstances',
  instanceType: 'write plan',
  size: 'write plan',
  environment: 'environment variables are listed under envVars',
  env_vars: 'write envVars',
  variables: 'write envVars',
  healthCheck: 'write healthCheckPath: /healthz',
  cron: 'write schedule',
  secretFiles: 'secret files cannot be written in a Blueprint; add them in the dashboard',
  dependsOn: 'services start together; make the program wait for what it needs',
}

/** For a service whose type is missing or unknown: every field may be there, and only type and name must. */
const anyForm = record('a service', everyField(), { instead })

/** One entry of `services`. */
export const serviceShape: Shape = { is: 'pick', pick: pickForm }

function pickForm(node: MapNode): RecordShape {
  const form = formOf(node)
  return form === undefined ? anyForm : shapeOf(form, titleOf(node))
}

/** For sentences: `a private service`, `a static site`. */
export function titleOf(node: YamlNode): string {
  const form = formOf(node)
  if (form === undefined) return 'a service'
  return (form === 'S' ? serverTitles[textOf(node, 'type') ?? ''] : undefined) ?? serviceForms[form]
}

/** The form that type and runtime decide, also under their old names. */
export function formOf(node: YamlNode): ServiceForm | undefined {
  const type = textOf(node, 'type')
  const runtime = textOf(node, 'runtime') ?? textOf(node, 'env')
  if (type === 'web' && runtime === 'static') return 'T'
  if (type === 'web' || type === 'pserv' || type === 'worker') return 'S'
  if (type === 'cron') return 'C'
  if (type === 'keyvalue' || type === 'redis') return 'K'
  return type === 'workflow' ? 'F' : undefined
}

function shapeOf(form: ServiceForm, title: string): RecordShape {
  return record(title, fieldsOf(form), { instead, elsewhere: (key) => belongsTo(key) })
}

function belongsTo(key: string): string | undefined {
  const forms = formsWith(key)
  if (forms.length === 0) return undefined
  return `only ${forms.map((form) => serviceForms[form]).join(', ')} has it; remove the line`
}

function optional({ key, shape, deprecated }: Field): Field {
  return { key, shape, ...(deprecated && { deprecated }) }
}

function everyField(): readonly Field[] {
  const fields = new Map<string, Field>()
  for (const form of Object.keys(serviceForms) as ServiceForm[]) {
    for (const field of fieldsOf(form)) if (!fields.has(field.key)) fields.set(field.key, ['type', 'name'].includes(field.key) ? field : optional(field))
  }
  return [...fields.values()]
}
