import { expect, test } from 'vitest'
import { createBrokerConfigs } from '../topics/broker-configs.ts'
import { defaultGroupsConfig, groupsConfigOf } from './config.ts'

test('every setting of the coordinator is taken from the configs of the broker', () => {
  const given = new Map(Object.keys(defaultGroupsConfig).map((key, i) => [key, String(6000 + i)]))
  const expected = Object.fromEntries(Array.from(given, ([key, value]) => [key, Number(value)]))
  expect(groupsConfigOf(createBrokerConfigs(1, given))).toEqual(expected)
})
