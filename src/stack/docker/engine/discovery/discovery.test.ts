import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addressText, isOnThisMachine, parseAddress } from './address.ts'
import { isOlder } from './ask-engine.ts'
import { candidatesIn, findCandidates } from './candidates.ts'
import { fakeEngine } from '../../../../../test/support/fake-engine.ts'
import { engineAnswers } from './find-engine.ts'

function homeWith(files: Readonly<Record<string, string>>): string {
  const home = mkdtempSync(join(tmpdir(), 'evplat-home-'))
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true })
    writeFileSync(join(home, name), content)
  }
  return home
}

const idOf = (context: string): string => createHash('sha256').update(context).digest('hex')
const metaFile = (context: string): string => `.docker/contexts/meta/${idOf(context)}/meta.json`
const meta = (name: string, host: string, skip = false): string =>
  JSON.stringify({ Name: name, Endpoints: { docker: { Host: host, SkipTLSVerify: skip } } })

describe('an address', () => {
  const verified = { ca: '/c/ca.pem', verify: true }
  test.each([
    ['unix:///run/user/1000/docker.sock', undefined, 'unix:///run/user/1000/docker.sock'],
    ['unix://', undefined, 'unix:///var/run/docker.sock'],
    ['tcp://127.0.0.1:2375', undefined, 'tcp://127.0.0.1:2375'],
    ['build.example', undefined, 'tcp://build.example:2375'],
    ['tcp://build.example', verified, 'tcp://build.example:2376'],
    ['https://build.example/', undefined, 'tcp://build.example:2376'],
    ['tcp://[::1]:2375', undefined, 'tcp://[::1]:2375'],
  ])('%s', (text, tls, whole) => {
    const address = parseAddress(text, tls)
    expect('problem' in address ? address.problem : addressText(address)).toBe(whole)
  })

  test.each([
    ['ssh://ann@build.example', 'evplat does not speak to an engine by ssh'],
    ['npipe:////./pipe/docker_engine', 'evplat does not speak to an engine by npipe'],
    ['tcp://', '"tcp://" is no address of an engine'],
    ['tcp://host:port', '"tcp://host:port" is no address of an engine'],
  ])('%s is none', (text, problem) => expect(parseAddress(text)).toEqual({ problem }))

  test('tells whether the engine is on this machine', () => {
    const isLocal = (text: string): boolean => isOnThisMachine(parseAddress(text) as never)
    expect(['unix:///x', 'tcp://localhost:1', 'tcp://127.0.0.1:1', 'tcp://[::1]:1'].map(isLocal)).toEqual(
      Array(4).fill(true),
    )
    expect(isLocal('tcp://build.example:1')).toBe(false)
  })
})

describe('where an engine may be', () => {
  test('in the usual sockets, in this order', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/1000' }
    const all = candidatesIn({ env, home: '/home/ann', context: undefined, tls: undefined })
    expect(all.map(({ title }) => title)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///home/ann/.docker/run/docker.sock',
      'unix:///home/ann/.docker/desktop/docker.sock',
      'unix:///run/user/1000/docker.sock',
      'unix:///run/user/1000/podman/podman.sock',
      'unix:///run/podman/podman.sock',
      'unix:///home/ann/.local/share/containers/podman/machine/podman.sock',
      'unix:///home/ann/.colima/default/docker.sock',
      'unix:///home/ann/.rd/docker.sock',
    ])
  })

  test('where DOCKER_HOST says, and nowhere else; with certificates where DOCKER_TLS_VERIFY asks for them', async () => {
    const home = homeWith({ '.docker/ca.pem': '', 'certificates/ca.pem': '', 'certificates/cert.pem': '' })
    const env = { DOCKER_HOST: 'tcp://build.example', DOCKER_CONTEXT: 'other' }
    const [plain, ...others] = await findCandidates(env, home)
    expect([plain?.source, plain?.address, others]).toEqual([
      'DOCKER_HOST',
      { kind: 'host', host: 'build.example', port: 2375 },
      [],
    ])
    const tlsOf = async (more: Readonly<Record<string, string>>): Promise<unknown> =>
      (await findCandidates({ ...env, DOCKER_TLS_VERIFY: '1', ...more }, home))[0]?.address
    const secure = { kind: 'host', host: 'build.example', port: 2376 }
    expect(await tlsOf({})).toEqual({ ...secure, tls: { ca: join(home, '.docker/ca.pem'), verify: true } })
    const folder = join(home, 'certificates')
    expect(await tlsOf({ DOCKER_CERT_PATH: folder })).toEqual({
      ...secure,
      tls: { ca: join(folder, 'ca.pem'), cert: join(folder, 'cert.pem'), verify: true },
    })
    expect(await tlsOf({ DOCKER_CERT_PATH: '/nowhere' })).toEqual({ ...secure, tls: { verify: true } })
  })

  test('where the current context says, and nowhere else', async () => {
    const files = {
      '.docker/config.json': '{"currentContext":"colima"}',
      [metaFile('colima')]: meta('colima', 'unix:///home/ann/.colima/docker.sock'),
      [metaFile('far')]: meta('far', 'tcp://build.example:2376', true),
      [`.docker/contexts/tls/${idOf('far')}/docker/ca.pem`]: '',
    }
    const home = homeWith(files)
    const colima = await findCandidates({}, home)
    expect(colima.map(({ source, title }) => [source, title])).toEqual([
      ['docker context "colima"', 'unix:///home/ann/.colima/docker.sock'],
    ])
    const [far] = await findCandidates({ DOCKER_CONTEXT: 'far' }, home)
    const ca = join(home, '.docker/contexts/tls', idOf('far'), 'docker/ca.pem')
    expect(far?.address).toEqual({ kind: 'host', host: 'build.example', port: 2376, tls: { ca, verify: false } })
    expect(await findCandidates({ DOCKER_CONTEXT: 'gone' }, home)).toEqual([
      { source: 'docker context "gone"', title: 'docker context "gone"', problem: 'there is no such context' },
    ])
    expect((await findCandidates({ DOCKER_CONTEXT: 'default' }, home)).length).toBeGreaterThan(3)
  })

  test.each(['', '{', '[]', '{"currentContext":7}'])('a config.json that is none says nothing: %j', async (text) => {
    const candidates = await findCandidates({}, homeWith({ '.docker/config.json': text }))
    expect(candidates[0]?.title).toBe('unix:///var/run/docker.sock')
  })
})

test('versions of the API are compared as numbers', () => {
  expect([isOlder('1.9', '1.41'), isOlder('1.41', '1.41'), isOlder('1.52', '1.47'), isOlder('2.0', '1.47')]).toEqual([
    true,
    false,
    false,
    false,
  ])
})

test('no engine answers where there is none', async () => {
  expect(await engineAnswers({ DOCKER_HOST: 'unix:///nowhere/docker.sock' })).toBe(false)
})

test('an engine that is not on this machine is none for `auto`: what it publishes would not be here', async () => {
  const { host } = await fakeEngine(() => undefined)
  expect(await engineAnswers({ DOCKER_HOST: host })).toBe(true)
  // 127.0.0.1 as one number, which nobody takes for this machine
  expect(await engineAnswers({ DOCKER_HOST: host.replace('127.0.0.1', '2130706433') })).toBe(false)
})
