import { describe, expect, test } from 'vitest'
import { excerpt, mainReason } from './log-excerpt.ts'
import { startMark } from './keeper.ts'

const at = '2026-11-23T13:51:15.622Z'

describe('what a log says of the end of its server', () => {
  test('an error is told with its reason, without the stack trace', () => {
    const log = [
      `${at} INFO Registered MBean (kafka.utils.Log4jControllerRegistration$)`,
      `${at} ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)`,
      'org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration num.partitions: Not a number of type INT',
      '\tat org.apache.kafka.common.config.ConfigDef.parseType(ConfigDef.java:787)',
      '\tat kafka.Kafka.main(Kafka.scala)',
    ].join('\n')
    expect(excerpt(log)).toEqual([
      'Exiting Kafka due to fatal exception',
      'org.apache.kafka.common.config.ConfigException: Invalid value abc for configuration num.partitions: Not a number of type INT',
    ])
    expect(mainReason(excerpt(log))).toContain('ConfigException: Invalid value abc')
  })

  test('of a chain of causes the first and the last are told, and of several errors each once', () => {
    const log = [
      `${at} ERROR [KafkaServer id=1] Fatal error during KafkaServer startup. Prepare to shutdown (kafka.server.KafkaServer)`,
      'org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.',
      '\tat kafka.network.Acceptor.openServerSocket(SocketServer.scala:724)',
      'Caused by: java.lang.IllegalStateException: in between',
      '\t... 9 more',
      'Caused by: java.net.BindException: Address already in use',
      '\tat java.base/sun.nio.ch.Net.bind0(Native Method)',
      `${at} INFO [KafkaServer id=1] shutting down (kafka.server.KafkaServer)`,
      `${at} ERROR Exiting Kafka due to fatal exception during startup. (kafka.Kafka$)`,
      'org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.',
    ].join('\n')
    expect(excerpt(log)).toEqual([
      '[KafkaServer id=1] Fatal error during KafkaServer startup. Prepare to shutdown',
      'org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.',
      'Caused by: java.net.BindException: Address already in use',
      'Exiting Kafka due to fatal exception during startup.',
    ])
    expect(mainReason(excerpt(log))).toBe('java.net.BindException: Address already in use')
  })

  test('only the last run counts', () => {
    const log = [
      `${at} ${startMark}`,
      `${at} ERROR an old error (kafka.Kafka$)`,
      `${at} ${startMark}`,
      'Error: Could not find or load main class kafka.Kafka',
      'Caused by: java.lang.ClassNotFoundException: kafka.Kafka',
      '',
    ].join('\n')
    expect(excerpt(log)).toEqual([
      'Error: Could not find or load main class kafka.Kafka',
      'Caused by: java.lang.ClassNotFoundException: kafka.Kafka',
    ])
  })

  test('without an error the last lines are told, and an empty log says nothing', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `${at} INFO line ${i} (x)`)
    expect(excerpt(lines.join('\n'), 2)).toEqual([`${at} INFO line 18 (x)`, `${at} INFO line 19 (x)`])
    expect(excerpt('')).toEqual([])
    expect(mainReason([])).toBeUndefined()
  })

  test('our registry server speaks plainly', () => {
    expect(excerpt(`${at} INFO serves at x\n${at} ERROR topic "_schemas" has 3 partitions instead of one\n`)).toEqual([
      'topic "_schemas" has 3 partitions instead of one',
    ])
  })
})
