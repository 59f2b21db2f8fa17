import { describe, expect, test } from 'vitest'
import { type ServiceState, isChecked, serviceFindings } from './services.ts'

const at = { file: 'platform.yaml', line: 7, column: 3 }
const service = { name: 'billing', group: 'bills', at }
const running: ServiceState = { service, isHere: true, isRunning: true, state: 'ready' }
const away: ServiceState = { ...running, isRunning: false, state: 'stopped' }

const told = (state: ServiceState): string[] =>
  serviceFindings([state]).map(({ severity, code, message }) => `${severity} ${code}: ${message}`)

describe('declared services', () => {
  test('one that runs, is ready and reads all that it consumes is as it should be', () => {
    expect(told(running)).toEqual([])
  })

  test('one that does not run is a warning, at its place in platform.yaml', () => {
    expect(serviceFindings([away])).toEqual([
      {
        severity: 'warning',
        code: 'service-not-ready',
        message: 'service "billing" does not run',
        at,
        remedy: '`evplat dev` runs it',
      },
    ])
  })

  test('one that runs and is not ready is an error', () => {
    const starting = { ...running, state: 'starting', detail: 'it says that it is not ready: kafka' } as const
    expect(told(starting)).toEqual([
      'error service-not-ready: service "billing" is not ready: it says that it is not ready: kafka',
    ])
    expect(serviceFindings([starting])[0]!.remedy).toContain('`evplat status --watch`')
  })

  test('one whose port another program has is an error, and what helps is another port', () => {
    const taken = { ...away, state: 'failed', detail: 'port 8080 is taken by process 7 (java)' } as const
    expect(told(taken)).toEqual([
      'error service-not-ready: service "billing" is not ready: port 8080 is taken by process 7 (java)',
    ])
    expect(serviceFindings([taken])[0]!.remedy).toContain('see what has the port')
  })

  test('partitions that nobody reads are an error while it runs, beside what it says itself', () => {
    const unassigned = 'no member of its group reads orders 1'
    const error =
      'error group-not-assigned: service "billing" does not read all that it consumes: no member of its group reads orders 1'
    expect(told({ ...running, unassigned })).toEqual([error])
    expect(told({ ...running, state: 'starting', unassigned })).toEqual([
      'error service-not-ready: service "billing" is not ready',
      error,
    ])
    expect(told({ ...away, unassigned })).toEqual(['warning service-not-ready: service "billing" does not run'])
  })

  test('one that is not in this folder counts only while it runs, and one that nothing tells of does not count', () => {
    const elsewhere = { ...running, isHere: false, state: 'starting' } as const
    expect([isChecked(elsewhere), told(elsewhere).length]).toEqual([true, 1])
    expect([isChecked({ ...away, isHere: false }), told({ ...away, isHere: false })]).toEqual([false, []])
    const untold = { ...away, isRunning: undefined }
    expect([isChecked(untold), told(untold)]).toEqual([false, []])
  })
})
