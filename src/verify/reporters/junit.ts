// Findings as JUnit XML, in the form that Jenkins, GitLab, Azure Pipelines and CircleCI read alike.
import type { Finding } from '../../core/finding.ts'

/** One thing that was looked at, by name. */
export interface Check {
  readonly name: string
  readonly passed: boolean
}

/**
 * A test suite with one test case for each check and each finding. An error is a failure; with `strict` a warning is one,
 * too; everything else passes and says its text in `system-out`.
 */
export function junitReport(checks: readonly Check[], findings: readonly Finding[], strict = false): string {
  const cases = [...checks.map(checkCase), ...findings.map((finding) => findingCase(finding, strict))]
  const failures = cases.filter((text) => text.includes('<failure ')).length
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="evplat verify" ${counts}>`,
    `  <testsuite name="evplat verify" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function checkCase({ name, passed }: Check): string {
  const head = `    <testcase classname="evplat.checks" name="${escapeXml(name)}"`
  return passed ? `${head}/>` : `${head}>\n      <failure message="${escapeXml(`${name} failed`)}"/>\n    </testcase>`
}

function findingCase({ severity, code, message, at, remedy }: Finding, strict: boolean): string {
  const place = at && `${at.file}:${at.line}:${at.column}`
  const details = [message, place, remedy].filter((line) => line !== undefined).join('\n')
  const file = at ? ` file="${escapeXml(at.file)}" line="${at.line}"` : ''
  const name = place === undefined ? message : `${message} (${place})`
  const isFailure = severity === 'error' || (strict && severity === 'warning')
  return [
    `    <testcase classname="evplat.${code}" name="${escapeXml(name)}"${file}>`,
    isFailure
      ? `      <failure type="${code}" message="${escapeXml(message)}">${escapeXml(details)}</failure>`
      : `      <system-out>${escapeXml(`${severity}: ${details}`)}</system-out>`,
    '    </testcase>',
  ].join('\n')
}

/** Text for an attribute or an element; what XML 1.0 cannot hold, and the controls that it discourages, become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{7E}\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
}
