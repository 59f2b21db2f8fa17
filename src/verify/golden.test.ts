// Each archive in golden/ is a platform and what evplat says about it, letter by letter. UPDATE_GOLDEN=1 writes them anew.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatArchive, parseArchive, writeFolder } from '../../test/support/txtar.ts'
import { findingKinds } from '../core/finding-codes.ts'
import { createStyle } from '../core/style.ts'
import { loadPlatform } from '../platform/load.ts'
import { findingLines } from '../core/finding-lines.ts'
import { offlineFindings } from './offline.ts'

const golden = join(import.meta.dirname, 'golden')
const told = new Set<string>()

async function findingsOf(comment: string, files: ReadonlyMap<string, string>): Promise<string> {
  const cwd = await writeFolder(files)
  const environment = /^environment: (.+)$/m.exec(comment)?.[1] ?? 'local'
  const { platform, findings } = await loadPlatform({ file: 'platform.yaml', cwd, environment, env: {} })
  const all = platform ? [...findings, ...offlineFindings(platform)] : findings
  for (const finding of all) told.add(finding.code)
  return all.map((finding) => `${findingLines(finding, createStyle(false)).join('\n')}\n`).join('\n')
}

describe('findings', () => {
  test.each(readdirSync(golden))('%s', async (name) => {
    const path = join(golden, name)
    const { comment, files } = parseArchive(readFileSync(path, 'utf8'))
    const inputs = new Map([...files].filter(([file]) => file !== 'findings'))
    const findings = await findingsOf(comment, inputs)
    if (process.env['UPDATE_GOLDEN'] === '1')
      writeFileSync(path, formatArchive({ comment, files: new Map([...inputs, ['findings', findings]]) }))
    else expect(findings).toBe(files.get('findings'))
  })

  test('there is one for each code', () => {
    /** told where they need bytes or links (platform/load.test.ts), a plan, the files of a service (test/program/types.test.ts), or services */
    const elsewhere = [
      'yaml-encoding',
      'yaml-too-large',
      'drift',
      'generated-drift',
      'service-not-ready',
      'group-not-assigned',
      'undeclared-config',
      'reassignment-in-progress',
      'newer-version-registered',
    ]
    const missing = Object.keys(findingKinds).filter((code) => !told.has(code) && !elsewhere.includes(code))
    expect(missing).toEqual([])
  })
})
