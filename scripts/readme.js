// Runs the lines of README.md as a stranger would: on a clone, with an empty HOME, from the text itself.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

/** Whether the address answers with the text before the time is up. */
async function answers(url, text, timeoutMs) {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(500)) {
    const answer = await fetch(url).then(
      (response) => (response.ok ? response.text() : ''),
      () => '',
    )
    if (answer.includes(text)) return true
  }
  process.stdout.write(`${url} does not answer with ${text}\n`)
  return false
}

/** Runs the lines beside the services that a script starts and that go on until Ctrl-C; true when all of it went well. */
async function besideServices(script, runLines, { cwd, env }) {
  const dev = spawn('/bin/bash', ['-eo', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const ended = once(dev, 'exit')
  try {
    const urls = ['http://localhost:8080/readyz', 'http://localhost:8082/readyz']
    for (const url of urls) if (!(await answers(url, '"UP"', 180_000))) return false
    if (!runLines()) return false
    return await answers('http://localhost:8082/api/consumed', '"event":{"key":"value"}', 30_000)
  } finally {
    // the group of the shell: as Ctrl-C on a terminal
    if (dev.exitCode === null) process.kill(-dev.pid, 'SIGINT')
    await Promise.race([ended, sleep(60_000, undefined, { ref: false })])
    if (dev.exitCode === null && dev.signalCode === null) process.kill(-dev.pid, 'SIGKILL')
  }
}

/** Runs every block in its folder; resolves with how many lines passed and failed. */
export async function runReadme() {
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
    return status === 0
  }
  try {
    run(`git clone --quiet '${root}' '${clone}'`, home)
    const readme = readFileSync(join(clone, 'README.md'), 'utf8')
    // `npm test` is what runs beside this in the gate
    for (const line of blockAfter(readme, '## Try it').filter((line) => line !== 'npm test')) run(line, clone, bare)
    run(blockAfter(readme, '## Install from a clone').join('\n'), clone)
    run(blockAfter(readme, '<!-- these lines are run by the tests -->').join('\n'), home)
    const folder = join(home, 'services')
    mkdirSync(folder)
    const start = blockAfter(readme, '<!-- the tests run these lines in the background ... -->').join('\n')
    const beside = blockAfter(readme, '<!-- ... and these beside them -->').map((line) =>
      // a request that is refused counts as a failure
      line.replace(/^curl /, 'curl --fail --show-error '),
    )
    process.stdout.write(`\n$ ${start} &\n`)
    const isWhole = await besideServices(start, () => run(beside.join('\n'), join(folder, 'shop')), {
      cwd: folder,
      env,
    })
    counts[isWhole ? 'passed' : 'failed'] += 1
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  return counts
}
