// Runs the lines of README.md as a stranger would: on a clone, with an empty HOME, from the text itself.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bareNode } from './bare-path.js'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The first block of indented lines after a text. */
function blockAfter(text, start) {
  const rest = text.slice(text.indexOf(start) + start.length)
  const lines = rest.split('\n')
  const first = lines.findIndex((line) => line.startsWith('    '))
  const length = lines.slice(first).findIndex((line) => !line.startsWith('    '))
  return lines.slice(first, first + length).map((line) => line.trim().replace(/ {2,}#.*$/, ''))
}

/** Runs every block in its folder; returns how many lines passed and failed. */
export function runReadme() {
  const home = mkdtempSync(join(tmpdir(), 'evplat-readme-'))
  const clone = join(home, 'clone')
  const prefix = join(home, 'prefix')
  mkdirSync(prefix)
  const env = {
    ...process.env,
    HOME: home,
    XDG_CACHE_HOME: join(home, 'cache'),
    npm_config_prefix: prefix,
    PATH: `${prefix}/bin:${process.env.PATH}`,
  }
  const counts = { passed: 0, failed: 0 }
  const bare = { PATH: bareNode(join(home, 'bare')), JAVA_HOME: undefined, KAFKA_HOME: undefined }
  const run = (script, cwd, more = {}) => {
    process.stdout.write(`\n$ ${script.split('\n').join('\n$ ')}\n`)
    const { status } = spawnSync('/bin/bash', ['-eo', 'pipefail', '-c', script], {
      cwd,
      env: { ...env, ...more },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    counts[status === 0 ? 'passed' : 'failed'] += 1
  }
  try {
    run(`git clone --quiet '${root}' '${clone}'`, home)
    const readme = readFileSync(join(clone, 'README.md'), 'utf8')
    // `npm test` is what runs beside this in the gate
    for (const line of blockAfter(readme, '## Try it').filter((line) => line !== 'npm test')) run(line, clone, bare)
    run(blockAfter(readme, '## Install from a clone').join('\n'), clone)
    run(blockAfter(readme, '<!-- these lines are run by the tests -->').join('\n'), home)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  return counts
}
