// The judge of the differential tests sees what differs.
import { expect, test } from 'vitest'
import { differencesOf } from './compare.ts'

const config = (name: string, value: string) => ({ name, value, isSensitive: false })

test('a value that differs is told by its path', () => {
  const kafka = { topics: [{ name: 'a', errorCode: 0 }] }
  const ours = { topics: [{ name: 'a', errorCode: 3 }] }
  expect(differencesOf(kafka, kafka)).toEqual([])
  expect(differencesOf(kafka, ours)).toEqual([{ path: 'topics.0.errorCode', kafka: 0, ours: 3 }])
})

test('what one of them has alone is a difference, an empty list and a missing one too', () => {
  expect(differencesOf({ a: 1 }, { b: 1 }).map(({ path }) => path)).toEqual(['a', 'b'])
  expect(differencesOf({ a: [] }, {})).toEqual([{ path: 'a', kafka: [], ours: undefined }])
})

test('configs are compared by their names: one that is missing is one difference, one that comes twice is too', () => {
  const [a, b] = [config('a', '1'), config('b', '2')]
  expect(differencesOf([a, b], [b])).toEqual([{ path: 'a', kafka: a, ours: undefined }])
  expect(differencesOf([a, b], [a, b, b])).toEqual([{ path: '2', kafka: undefined, ours: b }])
})
