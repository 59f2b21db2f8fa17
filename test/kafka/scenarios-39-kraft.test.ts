import { playScenarios } from '../support/play.ts'

playScenarios('Kafka 3.9 with KRaft', 'version: "3.9", coordination: kraft')
