import { playScenarios } from '../support/play.ts'

playScenarios('Kafka 4.3', 'version: "4.3"')
