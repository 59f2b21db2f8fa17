// Desired and actual -> plan. Pure: what it can't know (would the broker accept it?) is proven by apply/prove.ts.
import type { Finding } from '../core/finding.ts'
import type { Platform } from '../platform/platform.ts'
import type { PolicyFinding } from '../platform/policies.ts'
import type { Actual } from './actual.ts'
import { diffSubject } from './diff-subject.ts'
import { diffTopic } from './diff-topic.ts'
import type { Change, Plan } from './plan.ts'

export interface PlanOptions {
  /** more partitions on keyed topics are meant */
  readonly allowRepartition: boolean
  /** what to plan; both when left out */
  readonly only?: 'topic' | 'subject'
  /** what policies say of the platform; an error on a topic blocks its change */
  readonly policyFindings: readonly PolicyFinding[]
  /** what was found in the file itself, to be shown with the plan */
  readonly findings?: readonly Finding[]
}

function blockByPolicy(change: Change, findings: readonly PolicyFinding[]): Change {
  const broken = findings.find((finding) => finding.severity === 'error' && finding.topic === change.name)
  return broken && !change.blocked ? { ...change, blocked: { code: 'policy', message: broken.message } } : change
}

/** Where records are no loss: the stack of this machine. */
export function mayDelete({ environment }: Platform): boolean {
  return environment.name === 'local'
}

/** The plan that makes `actual` what the platform declares: topics in the order of the file, then subjects after what they refer to. */
export function makePlan(platform: Platform, actual: Actual, options: PlanOptions): Plan {
  const changes: Change[] = []
  const findings: Finding[] = [
    ...(options.findings ?? []),
    ...options.policyFindings.map(({ topic: _, ...finding }) => finding),
  ]
  let unchanged = 0
  const { allowRepartition } = options
  const offersDeletes = mayDelete(platform)
  const note = (diff: { change?: Change; findings: readonly Finding[] }): void => {
    findings.push(...diff.findings)
    if (diff.change) changes.push(diff.change)
    else unchanged++
  }
  if (options.only !== 'subject')
    for (const topic of platform.topics) {
      const diff = diffTopic(topic, actual.topics.get(topic.name), { allowRepartition, offersDeletes })
      note(diff.change ? { ...diff, change: blockByPolicy(diff.change, options.policyFindings) } : diff)
    }
  if (options.only !== 'topic') {
    const moving = new Set<string>()
    for (const subject of platform.subjects) {
      const diff = diffSubject(subject, actual, moving)
      if (diff.change?.fields.some((field) => field.path === 'schema') === true) moving.add(subject.name)
      note(diff)
    }
  }
  const { name, environment } = platform
  return { platform: name, environment: environment.name, clusterId: actual.clusterId, changes, unchanged, findings }
}
