import { holderOf } from '../../core/port-holder.ts'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { kill, pid as ownPid } from 'node:process'
import { afterEach, describe, expect, test } from 'vitest'
import { waitFor } from '../../core/deadline.ts'
import { cacheFolder, identify, isRunning, requireKnownSystem, sendSignal, startByPs } from './operating-system.ts'

const children: ReturnType<typeof spawn>[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

async function startChild(code = 'setInterval(() => {}, 1000); console.log("on")'): Promise<number> {
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child.pid!
}

describe('processes', () => {
  test('a process is known again, and another one with its number is not', async () => {
    const identity = await identify(await startChild())
    expect(identity).toBeDefined()
    expect(await isRunning(identity!)).toBe(true)
    expect(await isRunning({ ...identity!, start: `${identity!.start}0` })).toBe(false)
  })

  test('a signal reaches the process that was meant and no later one with its number', async () => {
    const identity = (await identify(await startChild()))!
    expect(await sendSignal({ ...identity, start: 'earlier' }, 'SIGKILL')).toBe(false)
    expect(await isRunning(identity)).toBe(true)
    expect(await sendSignal(identity, 'SIGTERM')).toBe(true)
    expect(await waitFor(async () => ((await isRunning(identity)) ? undefined : true), { timeoutMs: 20_000 })).toBe(
      true,
    )
    expect(await sendSignal(identity, 'SIGTERM')).toBe(false)
  })

  test('two processes never look the same, and each keeps looking as it does', async () => {
    const [a, b] = [await identify(await startChild()), await identify(ownPid)]
    expect(a).not.toEqual(b)
    expect(await identify(ownPid)).toEqual(b)
  })

  test('where there is no /proc, ps tells the start to the second', async () => {
    const pid = await startChild()
    expect(await startByPs(pid)).toMatch(/^\w{3} \w{3} \d+ \d\d:\d\d:\d\d \d{4}$/)
    await sendSignal((await identify(pid))!, 'SIGKILL')
    expect(await waitFor(async () => ((await startByPs(pid)) ? undefined : true), { timeoutMs: 20_000 })).toBe(true)
  })

  test('a dead process that nobody has waited for is none', async () => {
    // the shell becomes a program that does not wait for the child that it has inherited
    const shell = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(shell)
    const [text] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number.parseInt(String(text), 10)
    const gone = await waitFor(async () => ((await identify(pid)) ? undefined : true), { timeoutMs: 20_000 })
    expect(gone).toBe(true)
    // its number is still taken
    expect(kill(pid, 0)).toBe(true)
  })
})

describe('ports', () => {
  test('the holder of a port is found by pid and name', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    expect(await holderOf(port)).toEqual({ pid: ownPid, name: expect.stringMatching(/./) })
    server.close()
    await once(server, 'close')
    expect(await holderOf(port)).toBeUndefined()
  })
})

describe('the operating system', () => {
  test('caches go where each system wants them', () => {
    const home = '/home/ann'
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' }, { system: 'darwin', home })).toBe('/x/evplat')
    expect(cacheFolder({}, { system: 'linux', home })).toBe('/home/ann/.cache/evplat')
    expect(cacheFolder({ XDG_CACHE_HOME: '' }, { system: 'darwin', home })).toBe('/home/ann/Library/Caches/evplat')
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, { system: 'win32', home })).toBe('/l/evplat/cache')
  })

  test('a system that is not known is refused by name', () => {
    expect(() => requireKnownSystem('win32')).toThrow('a stack does not run on Windows')
    expect(() => requireKnownSystem('freebsd')).toThrow('a stack does not run on freebsd')
    expect(requireKnownSystem('darwin')).toBeUndefined()
  })
})
