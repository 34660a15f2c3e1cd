import { expect, test } from 'vitest'
import { annotationsOf } from './annotations.ts'

const finding = { rule: 'image-tag', severity: 'warning', file: 'infra/a,b:c.yaml', line: 3, column: 5, path: 'services[0].image', message: '100% of "x"\r\n::error::', why: 'It moves.', hint: 'name the digest' } as const

test('a finding is one line, whatever its words hold', () => {
  expect(annotationsOf([finding])).toBe('::warning file=infra/a%2Cb%3Ac.yaml,line=3,col=5,title=image-tag::services[0].image: 100%25 of "x"%0D%0A::error::%0AIt moves.%0AFix: name the digest\n')
})

test('remarks are notices, and where there is nothing to say nothing is said', () => {
  expect(annotationsOf([{ ...finding, severity: 'info' }])).toMatch(/^::notice /)
  expect(annotationsOf([])).toBe('')
})
