import { playScenarios } from '../support/play.ts'

playScenarios('the embedded broker', 'version: "3.9", coordination: kraft', { runtime: 'embedded' })
