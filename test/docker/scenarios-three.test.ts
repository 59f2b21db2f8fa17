import { scenarios } from '../scenarios/all.ts'
import { playInContainers, playThreeInContainers } from './scenarios.ts'

playInContainers('three brokers of Kafka 3.9 with KRaft', 'version: "3.9", coordination: kraft, brokers: 3', {
  more: 'registry: evplat',
  broker: 'kafka-1',
  // three brokers take the three copies that this one shows to be refused
  played: scenarios.filter(({ slug }) => slug !== 'never'),
})

// with KRaft the first one alone can decide who leads
playThreeInContainers('3.9 with ZooKeeper', 'version: "3.9", coordination: zookeeper, brokers: 3')
