import { playInContainers } from './scenarios.ts'

playInContainers('Kafka 3.9 with ZooKeeper', 'version: "3.9", coordination: zookeeper')
