import { inspectBlueprint, type InspectedBlueprint } from '@plimsoll/blueprint/inspect'
import type { RepositoryFiles } from './repository-files.ts'
import { servicesOf, type Service } from './service.ts'

/** What is looked over: the text of a Blueprint, and the repository that it stands in. */
export interface Subject {
  /** How the Blueprint is called in findings, relative to the repository. */
  readonly file: string
  readonly text: string
  /** False when the file held bytes that are no text: then it cannot be written back as it was. */
  readonly intact: boolean
  readonly inspected: InspectedBlueprint
  /** In the order of the file; none where the text could not be read. */
  readonly services: readonly Service[]
  /** Absent where only the text is known: then no rule speaks of files. */
  readonly repository: RepositoryFiles | undefined
}

/** The same files with another text give another subject; what was read of the repository is kept. */
export function subjectOf(text: string, { file, repository, intact = true }: Pick<Subject, 'file' | 'repository'> & Partial<Pick<Subject, 'intact'>>): Subject {
  const inspected = inspectBlueprint(text, { file })
  const services = inspected.inventory === undefined ? [] : servicesOf(inspected.inventory, repository)
  return { file, text, intact, inspected, services, repository }
}
