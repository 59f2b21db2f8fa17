// An error for people: code, one-line fact, where, what the server said, each problem with its place, and what to do next.
import type { EvplatError } from './errors.ts'
import { findingLines } from './finding-lines.ts'
import type { Style } from './style.ts'

/** The lines of an error that a user can cause. */
export function errorLines(error: EvplatError, style: Style): string[] {
  const { findings, at, hint } = error.parts
  const lines = [`${style.red(`error[${error.code}]`)}: ${error.message}`]
  if (at) lines.push(`  --> ${at.file}:${at.line}:${at.column}`)
  lines.push(...saidLines(error.parts))
  for (const finding of findings ?? []) lines.push('', ...findingLines(finding, style))
  if (hint !== undefined) lines.push(`  ${style.cyan('try')}: ${hint}`)
  return lines
}

/** Words of a server or a program, all of them below each other. */
function saidLines({ said = '', saidBy = 'server' }: EvplatError['parts']): string[] {
  if (said.trim() === '') return []
  const label = `  ${saidBy}: `
  return [label + said.trim().replaceAll('\n', `\n${' '.repeat(label.length)}`)]
}
