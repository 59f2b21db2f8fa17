import { describe, expect, test } from 'vitest'
import { type Choosable, chooseServers, namedServers } from './choose-servers.ts'

const embedded: Choosable[] = [
  { name: 'kafka', dependsOn: [] },
  { name: 'schema-registry', dependsOn: ['kafka'], host: 'kafka' },
  { name: 'faults', dependsOn: ['kafka'], host: 'kafka' },
  { name: 'postgres', dependsOn: [] },
]
const three: Choosable[] = [
  { name: 'zookeeper', dependsOn: [] },
  ...['kafka-1', 'kafka-2', 'kafka-3'].map((name) => ({ name, dependsOn: ['zookeeper'] })),
  { name: 'schema-registry', dependsOn: ['kafka-1', 'kafka-2', 'kafka-3'] },
  { name: 'mongodb', dependsOn: [] },
]
const namesOf = (servers: readonly { readonly name: string }[]): string[] => servers.map(({ name }) => name)
const chosen = (servers: readonly Choosable[], ...wanted: string[]): string[] => namesOf(chooseServers(servers, wanted))

describe('the servers that are chosen by name', () => {
  test('are all without names', () => {
    expect(chosen(three)).toEqual(namesOf(three))
    expect(namesOf(namedServers(three, []))).toEqual(namesOf(three))
  })

  test('come with what they depend on, in the order of the stack', () => {
    expect(chosen(three, 'mongodb')).toEqual(['mongodb'])
    expect(chosen(three, 'mongodb', 'schema-registry')).toEqual(namesOf(three))
    expect(namesOf(namedServers(three, ['schema-registry']))).toEqual(['schema-registry'])
  })

  test('come with what their process serves besides', () => {
    expect(chosen(embedded, 'schema-registry')).toEqual(['kafka', 'schema-registry', 'faults'])
    expect(chosen(embedded, 'postgres')).toEqual(['postgres'])
  })

  test('are all brokers where Kafka is asked for', () => {
    expect(chosen(three, 'kafka')).toEqual(['zookeeper', 'kafka-1', 'kafka-2', 'kafka-3'])
    expect(namesOf(namedServers(three, ['kafka']))).toEqual(['kafka-1', 'kafka-2', 'kafka-3'])
  })

  test('are all brokers where one is: none is ready before it knows the others', () => {
    expect(chosen(three, 'kafka-2')).toEqual(['zookeeper', 'kafka-1', 'kafka-2', 'kafka-3'])
    expect(namesOf(namedServers(three, ['kafka-2']))).toEqual(['kafka-2'])
  })

  test('must be there', () => {
    expect(() => chooseServers(three, ['kafka', 'mongo'])).toThrow('there is no server "mongo"')
    expect(() => chooseServers(embedded, ['zookeeper'])).toThrow('there is no server "zookeeper"')
  })
})
