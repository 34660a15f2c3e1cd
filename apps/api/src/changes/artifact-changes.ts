import { serviceNameSchema, type Artifact, type ArtifactChange } from '@plimsoll/model'

type Artifacts = Readonly<Record<string, Artifact>>

/** What a release runs held against what another one ran, service by service, with how large both are. */
export function artifactChanges(before: Artifacts, after: Artifacts): ArtifactChange[] {
  const services = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return services.map((service) => ({ service: serviceNameSchema.parse(service), ...changeOf(before[service], after[service]) }))
}

function changeOf(was: Artifact | undefined, now: Artifact | undefined): Omit<ArtifactChange, 'service'> {
  const is = was === undefined ? 'added' : now === undefined ? 'removed' : was.digest === now.digest ? 'same' : 'changed'
  return { is, ...(now !== undefined && { sizeBytes: now.sizeBytes }), ...(was !== undefined && { wasBytes: was.sizeBytes }) }
}
