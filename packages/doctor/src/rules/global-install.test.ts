import { describeRule } from '../../test/rule-test.ts'
import { nodeService } from '../../test/samples.ts'
import { globalInstall } from './global-install.ts'

describeRule(globalInstall, {
  fails: [
    { blueprint: nodeService('buildCommand: npm install -g pnpm@9 && pnpm install'), at: ['render.yaml:5:5'] },
    { blueprint: nodeService('buildCommand: npm i pnpm -g && pnpm i'), at: ['render.yaml:5:5'] },
    { blueprint: nodeService('buildCommand: npm -g install yarn'), at: ['render.yaml:5:5'] },
  ],
  passes: [{ blueprint: nodeService('buildCommand: npx pnpm@9.1.0 install') }, { blueprint: nodeService('buildCommand: npm install pnpm-sort && npm run build') }],
})
