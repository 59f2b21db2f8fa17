// A Docker engine of one's own: started, stopped and killed by what is written in its place, so that any process can.
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { waitFor } from '../../../src/core/deadline.ts'
import { labPath } from './machine.ts'
import type { Place } from './place.ts'
import { Unavailable } from './unavailable.ts'

const startPatienceMs = 60_000
const stopPatienceMs = 40_000

/**
 * Starts the engine of a place unless it runs, and waits until it answers. Throws `Unavailable` with the last lines of its log
 * where it does not.
 */
export async function startDaemon(place: Place): Promise<void> {
  if (await ping(place.socket)) return
  await forgetDead(place)
  await mkdir(place.folder, { recursive: true })
  const config = join(place.folder, 'config.json')
  await writeFile(config, '{}\n')
  const log = openSync(place.log, 'a')
  // what is to be pulled is not to be had: else tests would find other images where there is a way to a registry
  const env = { PATH: labPath, HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' }
  // Ctrl-C in the terminal ends it with the tests
  const child = spawn('dockerd', options(place, config), { stdio: ['ignore', log, log], env })
  closeSync(log)
  const failed = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(`dockerd ended with ${code ?? signal}`))
  })
  child.unref()
  const answers = async (): Promise<true | undefined> => ((await ping(place.socket)) ? true : undefined)
  const problem = await Promise.race([
    failed,
    waitFor(answers, { timeoutMs: startPatienceMs, everyMs: 100 }).then((up) =>
      up ? undefined : 'dockerd did not answer in time',
    ),
  ])
  child.removeAllListeners()
  if (problem === undefined) return
  const said = await readFile(place.log, 'utf8').catch(() => '')
  throw new Unavailable(`no engine of its own: ${problem}: ${said.trim().split('\n').slice(-3).join('\n')}`)
}

function options(place: Place, config: string): string[] {
  const named = {
    'config-file': config,
    'data-root': place.dataRoot,
    'exec-root': join(place.folder, 'exec'),
    host: `unix://${place.socket}`,
    pidfile: place.pidFile,
    bridge: place.bridge,
    'default-address-pool': `base=${place.pool},size=24`,
    'storage-driver': 'overlay2',
    'log-level': 'warn',
    // ports of 127.0.0.1 are published by its proxy; its rules would replace those of another engine
    iptables: 'false',
    ip6tables: 'false',
  }
  return Object.entries(named).map(([name, value]) => `--${name}=${value}`)
}

/** Whether an engine answers. */
function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/_ping', agent: false, timeout: 2000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('error', () => resolve(false))
    request.once('timeout', () => request.destroy(new Error('no answer')))
  })
}

/** Ends the engine of a place as `kill` does: its containers with it, in peace. */
export const stopDaemon = (place: Place): Promise<void> => endDaemon(place, 'SIGTERM')

/** Kills the engine of a place; what it had started goes on, as it does where an engine dies. */
export const killDaemon = (place: Place): Promise<void> => endDaemon(place, 'SIGKILL')

async function endDaemon(place: Place, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const pid = await daemonPid(place)
  if (pid === undefined) return
  process.kill(pid, signal)
  if (await waitFor(() => areGone(place), { timeoutMs: stopPatienceMs, everyMs: 50 })) return
  process.kill(pid, 'SIGKILL')
  await waitFor(() => areGone(place), { timeoutMs: 5000, everyMs: 50 })
}

/**
 * An engine that was killed and its containerd, which dies a moment later, count as alive with the next engine as long as nobody has
 * waited for them: it does not start, or waits for the answer of containerd in vain.
 */
async function forgetDead(place: Place): Promise<void> {
  if (await waitFor(() => areGone(place), { timeoutMs: 5000, everyMs: 50 }))
    for (const file of [place.pidFile, containerdPidFile(place)]) await rm(file, { force: true })
}

/** The engine that runs in a place. */
const daemonPid = (place: Place): Promise<number | undefined> => pidIn(place.pidFile, place)

/** where the engine notes the containerd that it has started, which the system kills a moment after the engine */
const containerdPidFile = ({ folder }: Place): string => join(folder, 'exec/containerd/containerd.pid')

/** For `waitFor`: whether neither the engine nor its containerd runs. */
async function areGone(place: Place): Promise<true | undefined> {
  const pids = [await daemonPid(place), await pidIn(containerdPidFile(place), place)]
  return pids.every((pid) => pid === undefined) ? true : undefined
}

/** The process of a place whose number stands in a file, if it runs. */
async function pidIn(file: string, { folder }: Place): Promise<number | undefined> {
  const pid = Number(await readFile(file, 'utf8').catch(() => ''))
  return pid > 0 && (await commandLine(pid)).includes(folder) ? pid : undefined
}

/** Empty for one that is dead, also where nobody has waited for it. */
const commandLine = (pid: number | string): Promise<string> => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')

/** Kills what a killed engine left: its containerd, and the keepers of its containers. */
export async function killRemains(place: Place): Promise<void> {
  for (const pid of await readdir('/proc')) {
    const [program = '', ...args] = /^\d+$/.test(pid) ? (await commandLine(pid)).split('\0') : []
    if (/(^|\/)containerd(-shim[\w-]*)?$/.test(program) && args.some((arg) => arg.startsWith(`${place.folder}/`)))
      process.kill(Number(pid), 'SIGKILL')
  }
}
