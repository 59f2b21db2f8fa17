import { playScenarios } from '../support/play.ts'

playScenarios('Kafka 3.9 with ZooKeeper', 'version: "3.9", coordination: zookeeper')
