import { playInContainers } from './scenarios.ts'

playInContainers('Kafka 3.9 with KRaft and our own registry', 'version: "3.9", coordination: kraft', {
  more: 'registry: evplat',
})
