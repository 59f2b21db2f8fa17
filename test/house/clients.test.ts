// The versions that the table of foreign clients claims are those that its tests install.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clients } from '../clients/clients.ts'
import { toolVersions } from '../support/kafka-shell.ts'

const npm = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly packages: Readonly<Record<string, { readonly version: string }>>
}
const python = readFileSync('test/python/requirements.txt', 'utf8')
const go = readFileSync('test/go/go.mod', 'utf8')

const pinned: Readonly<Record<Exclude<keyof typeof clients, 'kcat'>, string | undefined>> = {
  kafkajs: npm.packages['node_modules/kafkajs']?.version,
  'kafka-ts': npm.packages['node_modules/kafka-ts']?.version,
  platformatic: npm.packages['node_modules/@platformatic/kafka']?.version,
  'java-3.9': toolVersions['3.9'],
  'java-4.3': toolVersions['4.3'],
  'confluent-kafka': /^confluent-kafka==(.*)$/m.exec(python)?.[1],
  'kafka-python': /^kafka-python==(.*)$/m.exec(python)?.[1],
  franz: /franz-go v(\S+)/.exec(go)?.[1],
  sarama: /sarama v(\S+)/.exec(go)?.[1],
}

// Debian says which kcat there is
test.each(Object.entries(pinned))('%s', (name, version) => {
  expect(version).toBe(clients[name as keyof typeof clients].version)
})
