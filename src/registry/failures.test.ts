// Every way in which a registry can not be asked, told apart.
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, type Server, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Authority, createAuthority } from '../../test/support/certificate.ts'
import { type Intervention, startCuttingProxy } from '../../test/support/cutting-proxy.ts'
import { errorKinds } from '../core/error-codes.ts'
import { EvplatError } from '../core/errors.ts'
import type { RegistrySettings } from '../core/connection-settings.ts'
import { createRegistryClient } from './client.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function listening<T extends Server>(server: T): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(server)
  return (server.address() as AddressInfo).port
}
async function stub(answer: Intervention): Promise<string> {
  const proxy = await startCuttingProxy('http://127.0.0.1:1', () => answer)
  open.push(proxy)
  return proxy.url
}

/** What comes of asking a registry for its subjects. */
async function failure(settings: RegistrySettings, options = {}): Promise<EvplatError> {
  const sr = createRegistryClient(settings, options)
  open.push(sr)
  const thrown = await sr.subjects().catch((t: unknown) => t)
  if (!(thrown instanceof EvplatError)) throw new Error(`no EvplatError but ${String(thrown)}`)
  if (thrown.code !== 'tls-untrusted') {
    expect(thrown.message).toMatch(/^(the registry (at "http|refused)|"http)/)
    expect(thrown.message).toContain('the list of subjects')
  }
  expect(thrown.parts.hint).toMatch(/\S/)
  return thrown
}

describe('registry-unreachable', () => {
  test.each([
    ['a port where nothing listens', 'http://127.0.0.1:1', 'refused', 'connection refused'],
    ['an unknown host', 'http://no-such-host.invalid', 'unknown-host', 'its host name is not known'],
  ])('%s', async (_, url, reason, text) => {
    const error = await failure({ url })
    expect(error.code).toBe('registry-unreachable')
    expect(errorKinds[error.code].exit).toBe(69)
    expect(error.message).toContain(text)
    expect(error.parts.details).toMatchObject({ url, reason })
  })

  test('no answer in time: what was waited for', async () => {
    const url = await stub('hang')
    const error = await failure({ url }, { timeoutMs: 60 })
    expect(error.message).toBe(
      `the registry at "${url}" did not answer within 60 ms when asked for the list of subjects`,
    )
    expect(error.parts.details).toMatchObject({ reason: 'timeout', timeoutMs: 60 })
  })

  test('no good answer in time: what the last one was', async () => {
    const error = await failure({ url: await stub({ status: 503, body: '{}' }) }, { timeoutMs: 60 })
    expect(error.message).toContain('(the last try: HTTP 503)')
  })

  test('a connection that is cut each time', async () => {
    const error = await failure({ url: await stub('cut') })
    expect(error.parts).toMatchObject({ details: { reason: 'lost' }, hint: expect.stringContaining('https://') })
  })

  test('a gateway that has nothing behind it', async () => {
    const error = await failure({ url: await stub({ status: 502, body: '<h1>Bad Gateway</h1>' }) })
    expect(error.code).toBe('registry-unreachable')
    expect(error.message).toMatch(/: HTTP 502$/)
    expect(error.parts).toMatchObject({ said: '<h1>Bad Gateway</h1>', details: { reason: 'unavailable', status: 502 } })
  })

  test('something that speaks no HTTP', async () => {
    const port = await listening(createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
    const error = await failure({ url: `http://127.0.0.1:${port}` })
    expect(error.parts.details).toMatchObject({ reason: 'not-http' })
  })

  test('who stops waiting gets his own reason', async () => {
    const stop = new AbortController()
    const sr = createRegistryClient({ url: await stub('hang') }, { signal: stop.signal })
    open.push(sr)
    const waiting = sr.subjects()
    stop.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(sr.subjects()).rejects.toThrow('enough')
  })
})

describe('TLS', () => {
  let authority: Authority
  beforeAll(() => {
    authority = createAuthority()
  })
  const serve = async (names: string[], options = {}): Promise<string> => {
    const { cert, key } = authority.issue(names, options)
    const server = createHttpsServer({ cert, key }, (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end('["over TLS"]')
    })
    return `https://127.0.0.1:${await listening(server)}`
  }

  test('with its authority it is trusted, for every kind of call', async () => {
    const url = await serve(['127.0.0.1'])
    const sr = createRegistryClient({ url, tls: { ca: authority.cert } })
    open.push(sr)
    expect(await sr.subjects()).toEqual(['over TLS'])
    await expect(sr.deleteSubject('a', 'soft')).rejects.toMatchObject({ code: 'registry-not-a-registry' })
  })

  test.each([
    ['no authority', {}, ['127.0.0.1'], {}, 'not signed by a trusted authority'],
    ['the wrong authority', { ca: createAuthority().cert }, ['127.0.0.1'], {}, 'not signed by the authority that was'],
    ['a certificate for another host', undefined, ['other.example'], {}, 'for another host: DNS:other.example'],
    ['an expired certificate', undefined, ['127.0.0.1'], { expired: true }, 'not valid any more'],
    ['an authority that is no certificate', { ca: 'no certificate' }, ['127.0.0.1'], {}, 'not signed by the authority'],
  ])('%s', async (_, tls, names, options, why) => {
    const url = await serve(names, options)
    const error = await failure({ url, tls: tls ?? { ca: authority.cert } })
    expect(error.code).toBe('tls-untrusted')
    expect(error.message).toContain(`the certificate of ${url} is ${why}`)
    expect(error.parts.hint).not.toBe('')
  })

  test('https where http is spoken, and the other way round', async () => {
    const http = await stub({ status: 200, body: '[]' })
    const error = await failure({ url: http.replace('http:', 'https:') })
    expect(error.parts).toMatchObject({ details: { reason: 'no-tls' }, hint: expect.stringContaining('http://') })
    const other = await failure({ url: (await serve(['127.0.0.1'])).replace('https:', 'http:') })
    expect(other.code).toBe('registry-unreachable')
    expect(other.parts.hint).toContain('https://')
  })
})

describe('credentials', () => {
  const secret = 'p:@ss/wörd'
  const asked = async (settings: Omit<RegistrySettings, 'url'>, user = ''): Promise<string | undefined> => {
    let seen: string | undefined
    const proxy = await startCuttingProxy('http://127.0.0.1:1', ({ headers }) => {
      seen = headers['authorization'] as string | undefined
      return { status: 200, body: '[]' }
    })
    open.push(proxy)
    const sr = createRegistryClient({ url: proxy.url.replace('//', `//${user}`), ...settings })
    open.push(sr)
    await sr.subjects()
    expect(sr.url).toBe(proxy.url)
    return seen
  }
  const basic = (user: string, password: string): string =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

  test('none, basic, bearer, in the url', async () => {
    expect(await asked({})).toBeUndefined()
    expect(await asked({ username: 'me', password: secret })).toBe(basic('me', secret))
    expect(await asked({ token: 'abc' })).toBe('Bearer abc')
    expect(await asked({}, `me:${encodeURIComponent(secret)}@`)).toBe(basic('me', secret))
    expect(await asked({ username: 'you', password: 'x' }, 'me:y@')).toBe(basic('you', 'x'))
    expect(await asked({}, 'me:100%@')).toBe(basic('me', '100%'))
  })

  test.each([
    [401, {}, 'wants credentials'],
    [401, { username: 'me', password: secret }, 'does not accept the credentials'],
    [403, { username: 'me', password: secret }, 'does not allow the list of subjects'],
  ])('%d is registry-unauthorised', async (status, settings, text) => {
    const url = await stub({ status, body: '{"error_code":40101,"message":"no"}' })
    const sr = createRegistryClient({ url, ...settings })
    open.push(sr)
    const error = (await sr.subjects().catch((t: unknown) => t)) as EvplatError
    expect(error.code).toBe('registry-unauthorised')
    expect(errorKinds[error.code].exit).toBe(77)
    expect(error.message).toContain(text)
    expect(error.parts.said).toBe('no')
  })

  test('no error shows them', async () => {
    const text = (error: EvplatError): string => `${error.message} ${JSON.stringify(error.parts)}`
    const http = await stub({ status: 422, body: '{"error_code":42201,"message":"no"}' })
    for (const url of ['http://me:geheim@127.0.0.1:1', http.replace('//', '//me:geheim@')])
      expect(text(await failure({ url }))).not.toContain('geheim')
    const wrong = (url: string): string => {
      try {
        createRegistryClient({ url })
      } catch (thrown) {
        return text(thrown as EvplatError)
      }
      return 'was taken'
    }
    for (const url of [
      'ftp://me:geheim@host',
      'http//me:geheim@host',
      'me:geheim@host:1',
      'http://me:geheim@host:port',
    ])
      expect(wrong(url)).not.toMatch(/geheim|was taken/)
  })
})

describe('registry-not-a-registry', () => {
  test.each<[string, Intervention, string]>([
    ['a page', { status: 200, body: '<html>hello</html>' }, 'gave another kind of answer'],
    ['JSON of another kind', { status: 200, body: '{"status":"UP"}' }, 'gave another kind of answer'],
    ['a page that is not found', { status: 404, body: '<h1>Not Found</h1>' }, 'answered 404 without JSON'],
    [
      'a redirection',
      { status: 302, body: '', headers: { location: 'https://login.example/' } },
      'points to "https://login.example/"',
    ],
    ['an answer without content', { status: 204, body: '' }, 'answered 204 without JSON'],
  ])('%s', async (_, answer, text) => {
    const error = await failure({ url: await stub(answer) })
    expect(error.code).toBe('registry-not-a-registry')
    expect(errorKinds[error.code].exit).toBe(69)
    expect(error.message).toContain(text)
  })
})

test('registry-refused has the words of the registry and its code', async () => {
  const error = await failure({
    url: await stub({ status: 422, body: '{"error_code":42205,"message":"Subject a is in read-only mode"}' }),
  })
  expect(error.code).toBe('registry-refused')
  expect(error.parts).toMatchObject({
    said: 'Subject a is in read-only mode',
    details: { status: 422, errorCode: 42205 },
  })
})
