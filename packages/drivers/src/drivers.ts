/** Runs the Services of an App in a place. */
export { createProcessDriver, type ProcessDriver, type ProcessDriverOptions } from './process/process-driver.ts'
export type { PortRange } from './process/ports.ts'
export { describeListening, type Listening } from './process/describe-listening.ts'
export { createMarkedProcesses, type MarkedProcesses } from './process/marked-processes.ts'
export { createKeyValues, type KeyValues, type KeyValuesOptions } from './process/key-values.ts'
export { toolDirectories } from './process/tool-directories.ts'
export { createBuilder, type Builder, type BuilderOptions } from './build/builder.ts'
export { readSource } from './build/read-source.ts'
