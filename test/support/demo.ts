// `evplat demo` as a user sees it, on whatever runtime.
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect } from 'vitest'
import { evplat } from './evplat.ts'

const demoFolders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('evplat-demo-'))

/** Plays the demo, and looks for what all runtimes have in common and for what is their own. */
export async function playDemo(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  own: readonly string[],
): Promise<void> {
  const before = demoFolders()
  const { code, stdout, stderr } = await evplat(['demo', '--events', '2000', ...args], { env, timeoutMs: 300_000 })
  expect([code, stderr.includes('error')], stdout + stderr).toEqual([0, false])
  for (const part of [
    '$ evplat up',
    'Plan: 12 to create, 0 unchanged.',
    'Applied: 12 done.',
    '2000 records written to orders.placed',
    '2000 records\n',
    'passed  schemas',
    ...own,
  ])
    expect(stdout).toContain(part)
  expect(demoFolders()).toEqual(before)
}
