// Makes a clone able to run: installs what running and building need, and builds.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lastSetUp, stampOf } from './stamp.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockFile = join(root, 'dist/set-up.lock')
const deadlineMs = 300_000

function say(text) {
  process.stderr.write(`evplat: ${text}\n`)
}

function runOrExit(title, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: false })
  if (status === 0) return
  say(`${title} failed`)
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`)
  rmSync(lockFile, { force: true })
  process.exit(1)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Waits for its turn when another evplat is setting the same clone up. */
function takeLock() {
  mkdirSync(join(root, 'dist'), { recursive: true })
  const end = Date.now() + deadlineMs
  for (let told = false; ; told = true) {
    try {
      const file = openSync(lockFile, 'wx')
      writeSync(file, String(process.pid))
      closeSync(file)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const holder = Number(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : 0)
      if (holder > 0 && !isAlive(holder)) rmSync(lockFile, { force: true })
      else if (Date.now() > end) {
        say(`process ${holder} has been setting this clone up for too long; stop it and remove ${lockFile}`)
        process.exit(1)
      } else {
        if (!told) say('another evplat is setting this clone up, waiting for it')
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
      }
    }
  }
}

/** Dependencies as the lock file names them. What only tests need stays away unless it is there or asked for. */
function install(withTools) {
  say(`installing ${withTools ? 'dependencies and test tools' : 'dependencies'} (npm ci)`)
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  runOrExit('npm ci', npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(withTools ? [] : ['--omit=dev'])])
}

function remember(installed) {
  const file = join(root, 'dist/set-up.json')
  writeFileSync(`${file}.tmp`, JSON.stringify({ stamp: stampOf(root), installed }))
  renameSync(`${file}.tmp`, file)
}

/** Brings node_modules/ and dist/ up to date with the lock file and the sources. `withTools` for running the tests. */
export function setUp({ withTools = false } = {}) {
  takeLock()
  try {
    const hasTools = existsSync(join(root, 'node_modules/vitest'))
    const wanted = createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex')
    const { stamp, installed } = lastSetUp(root)
    if (installed !== wanted || (withTools && !hasTools)) install(withTools || hasTools)
    if (installed !== wanted || stamp !== stampOf(root)) {
      say('building')
      runOrExit('the build', process.execPath, [join(root, 'scripts/build.js')])
    }
    remember(wanted)
  } finally {
    rmSync(lockFile, { force: true })
  }
}
