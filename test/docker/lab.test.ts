// The laboratory itself: that its engine is private, that a killed one comes back, and that nothing is left of it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { missingOf, needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { dockerFor, removeAllButImages } from './lab/client.ts'
import { killDaemon, startDaemon } from './lab/daemon.ts'
import { type Lab, type LabEngine, startEngine } from './lab/lab.ts'
import { labEngine } from './lab/lab-engine.ts'
import { holdPlace } from './lab/place.ts'
import { run } from './lab/run.ts'

const found = labEngine()
const missing = missingOf(found)

/** Programs whose command line names a folder. */
const programsOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ')
      } catch {
        return ''
      }
    })
    .filter((line) => line.includes(`${folder}/`))

/** Programs, mounts, networks and files of an engine. */
function whatIsLeftOf({ folder, dataRoot, bridge }: LabEngine): string[] {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => [folder, dataRoot].some((path) => line.includes(` ${path}`)))
  const networks = Object.keys(networkInterfaces()).filter((name) => name === bridge)
  const files = readdirSync('/run').filter((name) => join('/run', name).startsWith(folder))
  return [...programsOf(folder), ...mounts, ...networks, ...files]
}

/** An engine without images beside the one of the laboratory; it is stopped with the test. */
async function secondEngine(): Promise<Lab> {
  const dataRoot = mkdtempSync(join(tmpdir(), 'evplat-second-'))
  const held = await holdPlace()
  const { engine, stop } = await startEngine({ ...held, place: { ...held.place, dataRoot } })
  let stopped: Promise<void> | undefined
  const stopOnce = (): Promise<void> => (stopped ??= stop())
  onTestFinished(async () => {
    await stopOnce()
    rmSync(dataRoot, { recursive: true, force: true })
  })
  return { engine, stop: stopOnce }
}

/** A container of the smallest image that this machine has: `sleep`, and what it is linked with. */
async function runSleeper(engine: LabEngine): Promise<void> {
  const libraries = (await run('ldd', ['/bin/sleep'])).match(/\/\S+/g) ?? []
  const archive = join(engine.dataRoot, 'sleep.tar')
  await run('tar', ['--create', '--dereference', '--file', archive, '-C', '/', 'bin/sleep', ...libraries])
  const docker = dockerFor(engine)
  await docker(['import', archive, 'sleep'])
  // as the first process it hears no SIGTERM
  await docker(['run', '--detach', '--stop-timeout', '1', 'sleep', '/bin/sleep', '600'])
}

describe.skipIf(missing !== undefined)(`the engine of the laboratory${skipNote(missing)}`, () => {
  afterEach(() => removeAllButImages(dockerFor(needed(found))))

  test('can reach no registry', async () => {
    const pull = dockerFor(needed(found))(['pull', 'alpine:3'])
    await expect(pull).rejects.toThrow(/connection refused/)
  })

  test('comes back after a kill with its volumes, and the containers know that they ended', async () => {
    const docker = dockerFor(needed(found))
    const write = ['sh', '-c', 'echo kept >/data/file && sync && exec sleep 600']
    await docker([
      'run',
      '--detach',
      '--stop-timeout',
      '1',
      '--name',
      'writer',
      '-v',
      'data:/data',
      'node:20-bookworm-slim',
      ...write,
    ])
    const read = ['run', '--rm', '-v', 'data:/data', 'node:20-bookworm-slim', 'cat', '/data/file']
    const written = (): Promise<true | undefined> =>
      docker(['exec', 'writer', 'cat', '/data/file']).then(
        (text) => (text === 'kept\n' ? true : undefined),
        () => undefined,
      )
    expect(await waitFor(written, { timeoutMs: 20_000 })).toBe(true)
    await killDaemon(needed(found))
    await expect(docker(['ps'])).rejects.toThrow(/Cannot connect to the Docker daemon/)
    await startDaemon(needed(found))
    expect(await docker(['inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}', 'writer'])).toBe(
      'exited 137\n',
    )
    expect(await docker(read)).toBe('kept\n')
  })

  test('lets another engine run beside it, and that one leaves nothing', async () => {
    const { engine, stop } = await secondEngine()
    const first = needed(found)
    expect(engine.folder).not.toBe(first.folder)
    await runSleeper(engine)
    expect(programsOf(engine.folder)).not.toEqual([])
    expect(networkInterfaces()).toHaveProperty(engine.bridge)
    await stop()
    expect(whatIsLeftOf(engine)).toEqual([])
    // the first one was not touched
    expect(await dockerFor(first)(['ps', '--all', '--quiet'])).toBe('')
  })

  test('starts where another was killed that nobody has waited for', async () => {
    const { engine } = await secondEngine()
    await killDaemon(engine)
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 600'])
    onTestFinished(() => void parent.kill())
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer]
    writeFileSync(engine.pidFile, pid.toString().trim())
    await startDaemon(engine)
    expect(await dockerFor(engine)(['ps', '--all', '--quiet'])).toBe('')
  })

  test('ends what a killed engine had started when it is stopped', async () => {
    const { engine, stop } = await secondEngine()
    await runSleeper(engine)
    const keepers = (): string[] => programsOf(engine.folder).filter((line) => line.includes('containerd-shim'))
    await killDaemon(engine)
    expect(keepers()).toHaveLength(1)
    await stop()
    expect(whatIsLeftOf(engine)).toEqual([])
  })
})
