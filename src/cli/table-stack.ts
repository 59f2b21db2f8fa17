import { type CommandSpec } from './spec.ts'

export const stackCommands: readonly CommandSpec[] = []
