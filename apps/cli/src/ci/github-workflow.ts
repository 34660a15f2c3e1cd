export interface WorkflowWish {
  /** The command that the workflow says it was written by. */
  readonly writtenBy: string
  /** What comes before the verification, one command a line. */
  readonly install: readonly string[]
  /** How Plimsoll is called there. */
  readonly plimsoll: string
  /** The directory that holds the Blueprint, relative to the repository; `.` for the repository itself. */
  readonly directory: string
  /** `node-version: 24`, or the file that names it. */
  readonly node: string
}

/**
 * A workflow that verifies every pull request and every merge group. What runs the pull request's code may read the repository and nothing
 * else; what comments runs none of it. No text of a pull request stands in a script. One check always runs, so that it can be required:
 * one that may be left out would wait for ever, or count as passed.
 */
export function githubWorkflow(wish: WorkflowWish): string {
  return `# ${wish.writtenBy}
# Require the check "verified" and no other: it always runs, and is green only for a verification that passed.
name: verify

on:
  pull_request:
  merge_group:
  workflow_dispatch:

permissions: {}

concurrency:
  group: verify-\${{ github.event.pull_request.number || github.ref }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}

jobs:
${rehearseJob(wish)}

${commentJob}

${verifiedJob}
`
}

function rehearseJob({ install, plimsoll, directory, node }: WorkflowWish): string {
  const installed = install.length === 0 ? '' : `      - name: Install
        run: |
${indented(install, 10)}
`
  return `  rehearse:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v6
        with:
          # Which lines are new can be told only by who knows the old ones.
          fetch-depth: 0
          persist-credentials: false
      - uses: actions/setup-node@v6
        with:
          ${node}
${installed}      - name: Verify
        run: |
          ${plimsoll} verify ${directory} --report "$RUNNER_TEMP/verification"
      - name: Tell it in the summary
        if: always()
        run: |
${indented(summaryScript, 10)}
      - name: Keep the reports
        if: always()
        uses: actions/upload-artifact@v7
        with:
          name: verification
          path: \${{ runner.temp }}/verification
          if-no-files-found: warn
          retention-days: 14`
}

const summaryScript = [
  'summary="$RUNNER_TEMP/verification/summary.md"',
  'if [ -f "$summary" ]; then',
  '  cat "$summary" >> "$GITHUB_STEP_SUMMARY"',
  'else',
  '  echo "There is no report: the verification did not come that far. See the log." >> "$GITHUB_STEP_SUMMARY"',
  'fi',
]

// The file was made by the code of the pull request: it is handed on as it is, and may name no comment but one of this workflow's.
const commentScript = [
  'export MARKER="$(head -n 1 verification/summary.md)"',
  `if ! printf '%s' "$MARKER" | grep -Eqx '<!-- plimsoll-verify:[a-z0-9-]+ -->'; then`,
  '  echo "::error::verification/summary.md does not begin with its marker"',
  '  exit 1',
  'fi',
  'comments="repos/$GITHUB_REPOSITORY/issues/$NUMBER/comments"',
  `id="$(gh api --paginate "$comments" --jq '.[] | select(.user.login == "github-actions[bot]" and (.body | startswith(env.MARKER))) | .id' | head -n 1)"`,
  'if [ -n "$id" ]; then',
  '  gh api --silent --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F body=@verification/summary.md',
  'else',
  '  gh api --silent --method POST "$comments" -F body=@verification/summary.md',
  'fi',
]

const aggregateScript = [
  'if [ "$RESULT" != success ]; then',
  '  echo "::error::The verification did not pass: $RESULT"',
  '  exit 1',
  'fi',
]

function indented(lines: readonly string[], columns: number): string {
  return lines.map((line) => `${' '.repeat(columns)}${line}`).join('\n')
}

const commentJob = `  comment:
    needs: rehearse
    # A pull request from a fork has a token that may not write; its report stands in the summary.
    if: always() && github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      pull-requests: write
    steps:
      - uses: actions/download-artifact@v8
        with:
          name: verification
          path: verification
      - name: Comment, or update the comment that is there
        env:
          GH_TOKEN: \${{ github.token }}
          NUMBER: \${{ github.event.pull_request.number }}
        run: |
${indented(commentScript, 10)}`

const verifiedJob = `  verified:
    needs: rehearse
    if: always()
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions: {}
    steps:
      - name: Only what passed is green
        env:
          RESULT: \${{ needs.rehearse.result }}
        run: |
${indented(aggregateScript, 10)}`
