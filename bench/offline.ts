// Offline verify of many topics, to see that it is linear: `npm run bench -- offline [ROUNDS]`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare, printRatios } from './support/side-by-side.ts'

const rounds = Number(process.argv[2] ?? 3)
const folder = mkdtempSync(join(tmpdir(), 'evplat-bench-'))

/** Topics of five lines each. */
function platform(topics: number): string {
  const file = join(folder, `${topics}.yaml`)
  const lines = Array.from({ length: topics }, (_, i) =>
    [
      `  orders.topic-${i}:`,
      '    owner: team-a',
      `    partitions: ${1 + (i % 6)}`,
      '    config: { retention.ms: 7d, segment.ms: 1d }',
      '    key: string',
    ].join('\n'),
  )
  writeFileSync(file, `apiVersion: evplat/v1\nname: bench\ntopics:\n${lines.join('\n')}\n`)
  return file
}

try {
  const contenders = [10_000, 5000].map((topics) => {
    const args = ['bin/evplat.js', 'verify', '--offline', '-f', platform(topics)]
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (status !== 0 || !stdout.includes('passed  platform'))
      throw new Error(`verify of ${topics} topics says ${stdout}`)
    return { name: `${topics} topics`, command: process.execPath, args }
  })
  printRatios(`evplat verify --offline, medians of ${rounds} rounds`, await compare(contenders, rounds))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
