/** Reads a monorepo: its files, its packages and how they depend on each other. What its programs read is behind `./program`. Writes nothing. */
export { readSource } from './read-source.ts'
export { readSourceTree, readText, type FileMode, type SourceFile, type SourceTree } from './source-tree.ts'
export { closureOf, packageManifestSchema, packageOf, readWorkspace, type PackageManifest, type Workspace, type WorkspacePackage } from './workspace.ts'
export { gitEnvironment, isInRepository, runGit } from './run-git.ts'
