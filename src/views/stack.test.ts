import { describe, expect, test } from 'vitest'
import { createStyle } from '../core/style.ts'
import type { ServiceStatus, StackStatus } from '../stack/status.ts'
import { statusTables, statusText } from './stack.ts'

const plain = createStyle(false)
const status: StackStatus = {
  runtime: 'embedded',
  servers: [{ name: 'kafka', endpoint: '127.0.0.1:9092', state: 'ready', pid: 7 }],
  services: [],
}
const services: readonly ServiceStatus[] = [
  { name: 'shop', endpoint: 'http://127.0.0.1:8080', state: 'ready' },
  { name: 'audit', endpoint: '', state: 'starting', group: 'audits', members: 12, lag: 3, detail: 'it waits' },
]

describe('the stack as text', () => {
  test('is a table of servers where no services are declared', () => {
    expect(statusText(status, undefined, plain)).toBe(
      'SERVER  STATE  ENDPOINT        PID  DETAIL\nkafka   ready  127.0.0.1:9092  7\n',
    )
    expect(statusTables(status)).toHaveLength(1)
  })

  test('has a second table of services, and what to do next at its end', () => {
    expect(statusText({ ...status, services }, 'next: this', plain)).toBe(
      [
        'SERVER  STATE  ENDPOINT        PID  DETAIL',
        'kafka   ready  127.0.0.1:9092  7',
        '',
        'SERVICE  STATE     ENDPOINT               GROUP   MEMBERS  LAG  DETAIL',
        'shop     ready     http://127.0.0.1:8080',
        'audit    starting                         audits  12       3    it waits',
        '',
        'next: this',
        '',
      ].join('\n'),
    )
  })

  test('has the colour of its state on each row', () => {
    const style = createStyle(true)
    const lines = statusText({ ...status, services }, undefined, style).split('\n')
    expect(lines[4]).toBe(style.green('shop     ready     http://127.0.0.1:8080'))
    expect(lines[5]).toBe(style.yellow('audit    starting                         audits  12       3    it waits'))
  })
})
