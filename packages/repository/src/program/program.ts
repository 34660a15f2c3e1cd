/** What the programs of a repository read of their environment. Apart from the rest, because it brings a parser that most who read a repository never need. */
export { programSources, type ProgramParts, type ProgramSources, type ServiceProgram, type SourcePackage } from './program-sources.ts'
export { isOfPlatform, isPublicKey, variablesOf, type ProgramVariable } from './variables-of.ts'
export { calleeOf, dotted, keyOf, part, parts, textOf, walk, type Syntax } from './syntax.ts'
export { parseModule } from './parse-module.ts'
