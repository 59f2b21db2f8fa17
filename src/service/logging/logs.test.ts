import { expect, test } from 'vitest'
import fc from 'fast-check'
import { EvplatError } from '../../core/errors.ts'
import { type JsonObject, parseJson } from '../../core/json.ts'
import { type LogsOptions, createLogs } from './create-logs.ts'
import { withFields } from '../under-way.ts'
import { shortKey } from './short-key.ts'

function written(more: Partial<LogsOptions> = {}) {
  let text = ''
  const write = (part: string): void => void (text += part)
  const now = (): number => new Date(2026, 0, 2, 3, 4, 5, 67).getTime()
  const logs = createLogs({ service: 'shop', format: 'json', levels: {}, colour: false, now, write, ...more })
  const lines = (): string[] => text.split('\n').slice(0, -1)
  return { logs, lines, json: () => lines().map((line) => parseJson(line) as JsonObject) }
}

const circular: { self?: unknown } = {}
circular.self = circular

test('JSON has a line each, with time, level, service, logger, fields and message', () => {
  const { logs, json } = written()
  logs.logger('app').info({ n: 2n ** 60n, level: 'mine' }, 'hello %s')
  expect(json()).toEqual([
    {
      level: 'info',
      service: 'shop',
      time: new Date(2026, 0, 2, 3, 4, 5, 67).toISOString(),
      logger: 'app',
      n: 2n ** 60n,
      _level: 'mine',
      message: 'hello %s',
    },
  ])
})

test('values of any kind are told, and none makes a logger throw', () => {
  const { logs, json } = written()
  const hostile = {
    get broken(): string {
      throw new Error('no')
    },
    bytes: Buffer.from([1, 2, 255]),
    map: new Map([['a', new Set([1])]]),
    circular,
    nan: NaN,
    at: new Date(0),
    call: written,
    none: undefined,
    bad: {
      toJSON: () => {
        throw new Error('no')
      },
    },
  }
  logs.logger('app').warn(hostile, 'odd')
  expect(json()[0]).toMatchObject({
    broken: '[not readable]',
    bytes: '[3 bytes: 0102ff]',
    map: { a: [1] },
    circular: { self: '[circular]' },
    nan: 'NaN',
    at: '1970-01-01T00:00:00.000Z',
    call: '[function written]',
    bad: '[not readable]',
  })
  expect(json()[0]).not.toHaveProperty('none')
})

test('errors have name, message, code, stack and cause, at any depth', () => {
  const { logs, json } = written()
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
  const error = new EvplatError('broker-unreachable', 'no broker', { hint: 'look', cause: refused })
  logs.logger('kafka').error({ err: new TypeError('x', { cause: error }) }, 'failed')
  expect(json()[0]!['err']).toEqual({
    name: 'TypeError',
    message: 'x',
    stack: expect.stringContaining('logs.test.ts'),
    cause: {
      name: 'EvplatError',
      message: 'no broker',
      code: 'broker-unreachable',
      hint: 'look',
      stack: expect.any(String),
      cause: { name: 'Error', message: 'connect', code: 'ECONNREFUSED', stack: expect.any(String) },
    },
  })
})

test.each(['json', 'text'] as const)('secrets are in no line (%s)', (format) => {
  const { logs, lines } = written({ format })
  const of = (name: string): object => ({ deep: [{ [name]: 'hunter2' }] })
  for (const name of ['password', 'accessToken', 'Authorization', 'sasl', 'set-cookie', 'clientSecret', 'apiKey'])
    logs.logger('app').info(of(name), 'told')
  const error = new Error('refused https://me:hunter2@registry:8081 with Authorization: Basic hunter2aHVudGVyMg==')
  logs.logger('app').error({ err: error }, 'Plain required username="me" password="hunter2" at ?token=hunter2&a=1')
  expect(lines().join('\n')).not.toContain('hunter2')
  expect(lines().join('\n')).toContain('a=1')
})

test('levels follow the nearest name that has one, and changes hold at once', () => {
  const { logs, lines } = written({ format: 'text', levels: { ROOT: 'warn', listeners: 'debug' } })
  const [orders, app] = [logs.logger('listeners.orders.placed'), logs.logger('app')]
  const tell = (): number => {
    const before = lines().length
    for (const log of [orders, app]) log.debug({}, 'said')
    return lines().length - before
  }
  expect(tell()).toBe(1)
  expect(logs.loggers.set('listeners.orders', 'info')).toBe(true)
  expect(tell()).toBe(0)
  expect(logs.loggers.set('root', 'trace')).toBe(true)
  expect(tell()).toBe(1)
  expect(logs.loggers.set('listeners.orders', undefined)).toBe(true)
  expect(tell()).toBe(2)
  expect(logs.loggers.set('listeners.payments', 'info')).toBe(false)
  expect(logs.loggers.set('app', 'loud')).toBe(false)
  expect(Object.fromEntries(logs.loggers.list())).toEqual({
    ROOT: { configured: 'trace', effective: 'trace' },
    app: { effective: 'trace' },
    listeners: { configured: 'debug', effective: 'debug' },
    'listeners.orders': { effective: 'debug' },
    'listeners.orders.placed': { effective: 'debug' },
  })
  logs.loggers.set('ROOT', 'silent')
  app.error({}, 'unheard')
  expect(lines().join('')).not.toContain('unheard')
})

test('lines for people', () => {
  const { logs, lines } = written({ format: 'text' })
  const at = { topic: 'orders.placed', partition: 0, key: 'a b', event: { id: 1n }, none: '' }
  logs.logger('listeners.orders.placed').info(at, 'received')
  const cause = Object.assign(new Error('gone'), { code: 'ECONNRESET' })
  logs.logger('app').error({ err: new EvplatError('broker-refused', 'no\x1b[2J', { hint: 'look', cause }) }, 'failed')
  expect(lines().slice(0, 5)).toEqual([
    '03:04:05.067 INFO  listeners.orders.placed  received  topic=orders.placed partition=0 key="a b" event={"id":1} none=""',
    '03:04:05.067 ERROR app  failed',
    '    broker-refused: no\\u001b[2J',
    '    hint: look',
    '    caused by: Error: gone [ECONNRESET]',
  ])
  expect(lines()[5]).toMatch(/^ {4} {4}at /)
})

test('levels have colours where they are wanted', () => {
  const { logs, lines } = written({ format: 'text', colour: true })
  logs.logger('app').warn({ a: 1 }, 'hot')
  expect(lines()[0]).toContain('\x1b[33mWARN \x1b[39m')
})

test('no value begins a line, ends one, or steers a terminal', () => {
  const anything = fc.dictionary(fc.string({ unit: 'binary' }), fc.anything({ withBigInt: true, withMap: true }))
  fc.assert(
    fc.property(anything, fc.string({ unit: 'binary' }), fc.constantFrom('json', 'text'), (fields, message, format) => {
      const { logs, lines, json } = written({ format: format as 'json' | 'text' })
      logs.logger('app').info(fields, message)
      logs.logger('app').info({ text: '\u001b[2J\u009b2J\r\n\u2028\u202e' }, message)
      if (format === 'json') expect(json()).toHaveLength(2)
      expect(lines().filter((line) => /^(\d\d:|\{)/.test(line))).toHaveLength(2)
      expect(lines().join('')).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    }),
    { numRuns: 40 },
  )
})

test('all that is logged in a piece of work has its fields, also behind an await', async () => {
  const { logs, json } = written()
  const log = logs.logger('app')
  const work = async (offset: number): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve))
    withFields({ step: 1, topic: 'inner' }, () => log.info({ own: offset }, 'in'))
    log.info({ offset: 'mine' }, 'out')
  }
  await Promise.all([7, 8].map((offset) => withFields({ topic: 't', offset }, () => work(offset))))
  log.info({}, 'none')
  const told = json().map(({ level: _, service: _s, time: _t, logger: _l, ...rest }) => rest)
  expect(told).toEqual([
    { topic: 'inner', offset: 7, step: 1, own: 7, message: 'in' },
    { topic: 't', offset: 'mine', message: 'out' },
    { topic: 'inner', offset: 8, step: 1, own: 8, message: 'in' },
    { topic: 't', offset: 'mine', message: 'out' },
    { message: 'none' },
  ])
})

test('keys are short, whatever they are', () => {
  expect(shortKey(null)).toBeUndefined()
  expect(shortKey('k')).toBe('k')
  expect(shortKey(2n ** 60n)).toBe('1152921504606846976')
  expect(shortKey(Buffer.from('é'))).toBe('é')
  expect(shortKey(Buffer.from([0xff, 1]))).toBe('0xff01')
  expect(shortKey({ id: 1n })).toBe('{"id":1}')
  expect(shortKey('x'.repeat(62) + '😀😀')).toBe('x'.repeat(62) + '…')
  for (const key of ['é'.repeat(500), Buffer.alloc(500, 0xff), Buffer.from('é'.repeat(500))])
    expect(shortKey(key)).toHaveLength(64)
})

test('who takes no lines ends nothing, and flush waits until the lines are out', async () => {
  const broken = written({
    write: () => {
      throw new Error('EPIPE')
    },
  })
  expect(() => broken.logs.logger('app').info({}, 'lost')).not.toThrow()
  let isOut = false
  const slow = written({
    written: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      isOut = true
    },
  })
  await slow.logs.flush()
  expect(isOut).toBe(true)
})
