// docs/services.md is written by hand; what it lists is what there is.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { endpoints } from '../../src/service/actuator/exposure.ts'
import { serviceMetrics } from '../../src/service/actuator/metrics.ts'
import { failureHeaders } from '../../src/service/listeners/failure-headers.ts'
import { lateListeners } from '../../src/service/start/late-listeners.ts'

const page = readFileSync('docs/services.md', 'utf8')
const settings = readFileSync('docs/service-settings.md', 'utf8')

/** The text under a heading, up to the next one of its kind. */
function section(heading: string): string {
  const [, text = ''] = page.split(`\n## ${heading}\n`)
  return text.split('\n## ')[0]!
}

/** The first cells of the rows of the first table: names in backticks. */
function firstCells(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!).toSorted()
}

test('the metrics are those of a service, with their labels', async () => {
  const { registry } = serviceMetrics({
    labels: {},
    listeners: lateListeners('audit'),
    producer: { pendingBytes: 0 },
    eventLoop: () => ({ mean: 0, p99: 0, max: 0 }),
  })
  const names = (await registry.getMetricsAsJSON()).map(({ name }) => name)
  expect(firstCells(section('Metrics'))).toEqual(names.filter((name) => name.startsWith('evplat_')).toSorted())
})

test('every endpoint of the actuator is named', () => {
  const named = section('Health')
  expect(endpoints.filter((name) => !named.includes(`\`${name}\``))).toEqual([])
})

test('the headers of failed records are named', () => {
  const origin = { topic: 'orders', partition: 0, offset: 0, timestamp: 0, attempts: 0, due: 0 }
  const told = { group: 'audit', attempts: 1, due: 1, error: new Error('no') }
  const names = failureHeaders([], origin, told).map(([name]) => name)
  const text = section('Failures')
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

test('every setting that is named has its row among the settings', () => {
  const named = page.matchAll(/`((?:server|producer|listener|management|logging)\.[\w.]+\w)(?:: [^`]*)?`/g)
  const known = new Set([...settings.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, name]) => name!))
  const isKnown = (name: string): boolean =>
    known.has(name) || [...known].some((each) => each.endsWith('.NAME') && name.startsWith(each.slice(0, -4)))
  const names = [...named].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(10)
  expect(names.filter((name) => !isKnown(name))).toEqual([])
})

test('its links lead somewhere', () => {
  const places = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, place]) => place!)
  const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!.toLowerCase().replaceAll(' ', '-'))
  expect(places.filter((place) => !headings.includes(place))).toEqual([])
})
