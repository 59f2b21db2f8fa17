import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../core/finding.ts'
import { githubAnnotations } from './github.ts'
import { junitReport } from './junit.ts'

const findings: readonly Finding[] = [
  {
    severity: 'error',
    code: 'unknown-key',
    message: '"a<b" is not a key & more',
    at: { file: 'shop, main/platform.yaml', line: 3, column: 5, length: 4, text: 'x' },
    remedy: 'did you mean "b"?\r\n100%',
  },
  { severity: 'warning', code: 'secret-in-file', message: 'a password stands in the file' },
  { severity: 'info', code: 'retention-below-segment', message: 'records stay' },
]

describe('GitHub annotations', () => {
  test('one a line, with what GitHub reads escaped', () =>
    expect(githubAnnotations(findings)).toBe(
      [
        '::error file=shop%2C main/platform.yaml,line=3,col=5,endColumn=9,title=evplat unknown-key::"a<b" is not a key & more%0Adid you mean "b"?%0D%0A100%25',
        '::warning title=evplat secret-in-file::a password stands in the file',
        '::notice title=evplat retention-below-segment::records stay',
        '',
      ].join('\n'),
    ))

  test('nothing of a finding starts a line of its own', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (message, file) => {
        const text = githubAnnotations([
          { severity: 'error', code: 'unknown-key', message, at: { file, line: 1, column: 1 } },
        ])
        return /^::error [^\r\n]*\n$/.test(text)
      }),
    ))
})

describe('JUnit', () => {
  test('has a case for each check and each finding', () =>
    expect(junitReport([{ name: 'policies', passed: true }], findings)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="evplat verify" tests="4" failures="1" errors="0" skipped="0">
  <testsuite name="evplat verify" tests="4" failures="1" errors="0" skipped="0">
    <testcase classname="evplat.checks" name="policies"/>
    <testcase classname="evplat.unknown-key" name="&quot;a&lt;b&quot; is not a key &amp; more (shop, main/platform.yaml:3:5)" file="shop, main/platform.yaml" line="3">
      <failure type="unknown-key" message="&quot;a&lt;b&quot; is not a key &amp; more">&quot;a&lt;b&quot; is not a key &amp; more&#10;shop, main/platform.yaml:3:5&#10;did you mean &quot;b&quot;?&#13;&#10;100%</failure>
    </testcase>
    <testcase classname="evplat.secret-in-file" name="a password stands in the file">
      <system-out>warning: a password stands in the file</system-out>
    </testcase>
    <testcase classname="evplat.retention-below-segment" name="records stay">
      <system-out>info: records stay</system-out>
    </testcase>
  </testsuite>
</testsuites>
`))

  test('warnings fail when they count, and failed checks always', () => {
    expect(junitReport([], findings, true)).toContain('tests="3" failures="2"')
    expect(junitReport([{ name: 'drift', passed: false }], [])).toContain('tests="1" failures="1"')
  })

  test('controls that XML discourages are replaced', () => {
    const message = 'delete \u007F next line \u0085'
    expect(junitReport([], [{ severity: 'error', code: 'unknown-key', message }])).toContain(
      'message="delete \uFFFD next line \uFFFD"',
    )
  })

  test('any text becomes well-formed XML', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (message) => {
        const text = junitReport([], [{ severity: 'error', code: 'unknown-key', message }])
        const shown = /<failure type="unknown-key" message="([^"]*)">([^<]*)<\/failure>/.exec(text)
        expect(shown?.[1]).toMatch(/^([^<>&"\p{Cc}\p{Cs}]|&(amp|lt|gt|quot|#\d+);)*$/u)
        expect(shown?.[2]).toBe(shown?.[1])
      }),
    ))
})
