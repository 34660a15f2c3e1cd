import { rulesOfBlueprint } from './blueprint-findings.ts'
import type { Rule } from './rule.ts'
import { dockerCommandWrap } from './rules/docker-command-wrap.ts'
import { encoding } from './rules/encoding.ts'
import { globalInstall } from './rules/global-install.ts'
import { imageTag } from './rules/image-tag.ts'

/** What needs more than the Blueprint's own package knows: a repository, or advice about a place and its programs. */
export const rulesOfRepository: readonly Rule[] = [encoding, dockerCommandWrap, globalInstall, imageTag]

/** Every rule, in the order of the documentation. */
export const rules: readonly Rule[] = [...rulesOfBlueprint, ...rulesOfRepository]
