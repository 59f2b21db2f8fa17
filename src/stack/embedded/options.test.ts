import { expect, test } from 'vitest'
import { type EmbeddedOptions, requireSound } from './options.ts'

test('what is known is taken', () => {
  const all: Required<EmbeddedOptions> = {
    data: '/data',
    durability: 'disk',
    ports: { kafka: 1, registry: 2 },
    configs: { 'num.partitions': '3', 'log.flush.interval.messages': '1' },
    onTrouble: () => undefined,
  }
  expect(requireSound(all)).toBeUndefined()
  expect(requireSound({})).toBeUndefined()
})

test.each([
  [{ host: '0.0.0.0' }, 'loopback-only'],
  [{ configs: { listeners: 'PLAINTEXT://0.0.0.0:9092' } }, 'loopback-only'],
  [{ configs: { 'advertised.listeners': 'PLAINTEXT://me:9092' } }, 'loopback-only'],
  [{ configs: { 'log.dirs': '/elsewhere' } }, 'usage'],
  [{ port: 9092 }, 'usage'],
])('%j is refused: %s', (options, code) => {
  expect(() => requireSound(options as EmbeddedOptions)).toThrow(expect.objectContaining({ code }) as Error)
})
