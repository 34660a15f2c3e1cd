import type { Breach } from '@plimsoll/engine'
import type { Look, Problem, Release, Watch } from '@plimsoll/model'

/** Why a release went back by itself, with what was seen. */
export function rolledBackProblem({ app, number }: Release, { previous, look }: Watch, { service, finding }: Breach): Problem {
  return {
    code: 'ROLLED_BACK',
    message: `Release ${number} of ${app} did worse than the one before, so release ${previous} serves again. ${service}: ${finding}`,
    hint: `See what it printed: plimsoll logs ${service} --app ${app} --release ${number}`,
    details: { service, ...(look !== undefined && { look }) },
  }
}

/** That somebody ended the release before its watch did. */
export function givenUpProblem({ app, number }: Release, why: string): Problem {
  return { code: 'ROLLED_BACK', message: `Release ${number} of ${app} does not serve any more, by somebody's hand: ${why}`, hint: `See who serves: plimsoll status --app ${app}` }
}

/** Why a release that is not well was left live. */
export function attentionProblem({ app, number }: Release, why: string, look: Look | undefined): Problem {
  return {
    code: 'NEEDS_ATTENTION',
    message: `Release ${number} of ${app} is live and not well. ${why}`,
    hint: `Look at it: plimsoll status --app ${app}. To go back all the same: plimsoll rollback --app ${app}`,
    ...(look !== undefined && { details: { look } }),
  }
}
