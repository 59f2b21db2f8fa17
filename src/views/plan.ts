// A plan, and what became of it, for people and in the published JSON shape.
import type { ChangeResult } from '../apply/run.ts'
import { type PublishedFinding, publishFinding, sortFindings } from '../core/finding.ts'
import type { Style } from '../core/style.ts'
import type { Change, FieldChange, Plan, Summary } from '../plan/plan.ts'
import { readableConfig } from './config-value.ts'
import { findingLines } from '../core/finding-lines.ts'
import { schemaDiffLines } from './schema-diff.ts'

export interface PublishedPlan {
  readonly platform: string
  readonly environment: string
  readonly clusterId: string | null
  readonly changes: readonly Change[]
  readonly summary: Summary
  readonly findings: readonly PublishedFinding[]
}

/** The published JSON shape of a plan. */
export function publishPlan(plan: Plan, summary: Summary): PublishedPlan {
  const { platform, environment, clusterId, changes, findings } = plan
  return { platform, environment, clusterId, changes, summary, findings: findings.map(publishFinding) }
}

const symbols = { create: '+', update: '~', delete: '-' } as const

function paintOf(change: Change, style: Style): (text: string) => string {
  if (change.blocked || change.action === 'delete') return style.red
  return change.action === 'create' ? style.green : style.yellow
}

function valueText(path: string, value: FieldChange['after']): string {
  if (value === null) return '(not set)'
  if (typeof value === 'string') return path.startsWith('config.') ? readableConfig(path.slice(7), value) : value
  if (typeof value === 'number') return String(value)
  return value.map((r) => `${r.name}${r.version === null ? '' : ` (version ${r.version})`}`).join(', ') || '(none)'
}

function fieldLines({ path, before, after }: FieldChange, isNew: boolean, width: number): string[] {
  const label = `      ${path.padEnd(width)}  `
  if (path === 'schema')
    return [
      `${label}${isNew ? 'registered' : 'new version'}`,
      ...schemaDiffLines(before, after).map((l) => `        ${l}`),
    ]
  return [isNew ? label + valueText(path, after) : `${label}${valueText(path, before)} -> ${valueText(path, after)}`]
}

const dangerTexts = {
  'data-loss': 'records may be deleted',
  'reorders-keys': 'records of a key may end up in another partition: their order is lost',
} as const

function changeLines(change: Change, style: Style): string[] {
  const paint = paintOf(change, style)
  const symbol = change.blocked ? '!' : symbols[change.action]
  const width = Math.max(...change.fields.map((field) => field.path.length))
  const title = `  ${paint(symbol)} ${change.kind} ${style.bold(change.name)}${change.blocked ? style.red('  BLOCKED') : ''}`
  const lines = [title, ...change.fields.flatMap((field) => fieldLines(field, change.action === 'create', width))]
  if (change.danger) lines.push(`      ${style.yellow('danger')}: ${dangerTexts[change.danger]}`)
  if (change.blocked) {
    const { code, message, remedy } = change.blocked
    lines.push(...message.split('\n').map((line, i) => `      ${i === 0 ? style.red(`${code}: `) : '  '}${line}`))
    if (remedy !== undefined) lines.push(`      = ${remedy}`)
  }
  return lines
}

/** `2 to create, 1 to update, 1 blocked, 5 unchanged` */
export function summaryText({ create, update, delete: gone, blocked, unchanged }: Summary): string {
  const parts = [
    [create, 'to create'],
    [update, 'to update'],
    [gone, 'to delete'],
    [blocked, 'blocked'],
    [unchanged, 'unchanged'],
  ] as const
  return parts
    .filter(([count, what]) => count > 0 || what === 'unchanged')
    .map(([count, what]) => `${count} ${what}`)
    .join(', ')
}

/** The whole plan for people: changes with old and new values, what else was found, one line of sums. */
export function planText(plan: Plan, summary: Summary, style: Style): string {
  const cluster = plan.clusterId === null ? '' : style.dim(` (cluster ${plan.clusterId})`)
  const lines = [`${style.bold(plan.platform)} in ${style.bold(plan.environment)}${cluster}`, '']
  for (const change of plan.changes) lines.push(...changeLines(change, style), '')
  for (const finding of sortFindings(plan.findings)) lines.push(...findingLines(finding, style))
  if (plan.findings.length > 0) lines.push('')
  lines.push(plan.changes.length === 0 ? `No changes: ${summaryText(summary)}.` : `Plan: ${summaryText(summary)}.`)
  return lines.join('\n') + '\n'
}

/** What was done and what was not, a line for each that failed, and the sums. */
export function resultsText(results: readonly ChangeResult[], style: Style): string {
  const lines: string[] = []
  for (const { kind, name, outcome, error } of results) {
    if (outcome === 'done') continue
    lines.push(`  ${style.red(outcome)} ${kind} ${style.bold(name)}${error === undefined ? '' : `: ${error}`}`)
  }
  const count = (outcome: string): number => results.filter((result) => result.outcome === outcome).length
  const parts = ['done', 'failed', 'skipped'].filter((outcome) => outcome === 'done' || count(outcome) > 0)
  lines.push(`Applied: ${parts.map((outcome) => `${count(outcome)} ${outcome}`).join(', ')}.`)
  return lines.join('\n') + '\n'
}
