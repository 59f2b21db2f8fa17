import { expect, onTestFinished, test } from 'vitest'
import { apiNames } from '../handlers.ts'
import { serveFaults } from './control.ts'
import { createFaults } from './faults.ts'

test('rules are set over HTTP', async () => {
  const faults = createFaults()
  const control = await serveFaults(faults, apiNames, 0)
  onTestFinished(() => control.close())
  const call = async (method: string, path = '', body?: unknown): Promise<readonly [number, unknown]> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(`${control.url}${path}`, { method, ...(body !== undefined && { body: text }) })
    const told = await answer.text()
    return [answer.status, told === '' ? '' : JSON.parse(told)]
  }
  const rule = { match: { api: 'Produce' }, count: 1, do: 'drop' }
  expect(await call('POST', '', rule)).toEqual([201, { id: '1', ...rule, met: 0 }])
  expect(await call('GET')).toEqual([200, [{ id: '1', ...rule, met: 0 }]])
  expect(await call('DELETE', '/1')).toEqual([204, ''])
  expect(await call('DELETE', '/1')).toEqual([404, { error: { message: 'there is no rule 1' } }])
  expect(await call('POST', '', '{')).toMatchObject([400, { error: { code: 'fault-invalid' } }])
  expect(await call('POST', '', 'x'.repeat(70_000))).toMatchObject([
    400,
    { error: { message: 'this is no fault rule: it is too large' } },
  ])
  expect(await call('PUT')).toMatchObject([405, {}])
  await call('POST', '', rule)
  expect(await call('DELETE')).toEqual([204, ''])
  expect(faults.isEmpty()).toBe(true)
})
