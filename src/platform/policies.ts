// `policies` of platform.yaml: reading them, and what they say about the topics of a platform.
import { runInNewContext } from 'node:vm'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Finding } from '../core/finding.ts'
import { environmentNames } from './environments.ts'
import { type Located, keyPlaceOf, placeOf, shownAt } from './located.ts'
import type { Platform, Policy, Topic } from './platform.ts'
import type { Report } from '../yaml/report.ts'
import type { PolicyInput } from './shape-policies.ts'
import type { Path } from '../yaml/tree.ts'

/** A finding about a topic that breaks a policy. */
export interface PolicyFinding extends Finding {
  readonly topic?: string
}

type PolicyRule<R extends Policy['rule']> = Extract<Policy, { readonly rule: R }>

/** The policies that hold in `environment`. */
export function readPolicies(
  input: readonly PolicyInput[] | null | undefined,
  environment: string,
  file: Located,
  report: Report,
): Policy[] {
  return (input ?? []).flatMap((policy, i) => {
    const path = ['policies', i]
    checkEnvironments(policy.environments ?? [], path, file, report)
    const read = readPolicy(policy, path, file, report)
    const holds = policy.environments?.includes(environment) ?? true
    return read && holds ? [read] : []
  })
}

function checkEnvironments(names: readonly string[], path: Path, file: Located, report: Report): void {
  const known = environmentNames(file)
  for (const [i, name] of names.entries())
    if (!known.includes(name))
      report.error({
        code: 'unknown-environment',
        at: placeOf(file, [...path, 'environments', i]),
        message: `the policy names the environment ${shownAt(file, [...path, 'environments', i])}, which is not declared`,
        remedy: didYouMean(name, known) || `declared: ${known.join(', ')}`,
      })
}

function readPolicy(input: PolicyInput, path: Path, file: Located, report: Report): Policy | undefined {
  const base = { at: keyPlaceOf(file, path), severity: input.severity ?? 'error' }
  switch (input.rule) {
    case 'topic-name': {
      const pattern = readPattern(input.pattern, [...path, 'pattern'], file, report)
      return pattern && { ...base, rule: input.rule, pattern }
    }
    case 'replication':
      return { ...base, rule: input.rule, min: input.min }
    case 'topic-owner':
    case 'no-deletes':
      return { ...base, rule: input.rule }
  }
}

function readPattern(source: string, path: Path, file: Located, report: Report): RegExp | undefined {
  try {
    return new RegExp(source)
  } catch {
    report.error({
      code: 'policy-pattern',
      at: placeOf(file, path),
      message: 'the pattern is no regular expression of JavaScript',
      remedy: 'look at its brackets and backslashes; a backslash needs single quotes or none around the pattern',
    })
    return undefined
  }
}

/** What the policies say about the declared topics; those made for the failures of services follow their source. */
export function evaluatePolicies(platform: Pick<Platform, 'policies' | 'topics'>): PolicyFinding[] {
  const topics = platform.topics.filter((topic) => !topic.madeFor)
  return platform.policies.flatMap((policy) => {
    switch (policy.rule) {
      case 'topic-name':
        return checkTopicNames(policy, topics)
      case 'topic-owner':
        return topics.filter((topic) => topic.owner === undefined).map((topic) => withoutOwner(policy, topic))
      case 'replication':
        return topics.filter((topic) => topic.replication < policy.min).map((topic) => tooFewCopies(policy, topic))
      case 'no-deletes':
        return []
    }
  })
}

/** time for all names together; a pattern without catastrophic backtracking needs a thousandth of it */
const patternTimeoutMs = 1000

function checkTopicNames(
  { pattern, severity, at }: PolicyRule<'topic-name'>,
  topics: readonly Topic[],
): PolicyFinding[] {
  let matches: boolean[]
  try {
    // a regular expression can only be stopped from outside
    const run = 'names.map((name) => pattern.test(name))'
    const world = { names: topics.map((topic) => topic.name), pattern }
    matches = runInNewContext(run, world, { timeout: patternTimeoutMs }) as boolean[]
  } catch (thrown) {
    // an error of the other world is no `Error` of this one
    if ((thrown as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw thrown
    const message = 'the pattern takes too long to match a topic name'
    const remedy = 'repeat nothing that is a repetition already, as in `(a+)+`'
    return [{ severity: 'error', code: 'policy-pattern', message, at, remedy }]
  }
  return topics
    .filter((_, i) => !matches[i])
    .map((topic) => ({
      topic: topic.name,
      severity,
      code: 'policy-topic-name',
      message: `the topic name "${topic.name}" does not match the pattern of line ${at.line}`,
      at: topic.at,
      remedy: `names match \`${pattern.source}\``,
    }))
}

function withoutOwner({ severity, at }: Policy, topic: Topic): PolicyFinding {
  return {
    topic: topic.name,
    severity,
    code: 'policy-topic-owner',
    message: `the topic "${topic.name}" has no owner`,
    at: topic.at,
    remedy: `the policy of line ${at.line} asks for one, for example \`owner: team-checkout\``,
  }
}

function tooFewCopies({ severity, at, min }: PolicyRule<'replication'>, topic: Topic): PolicyFinding {
  return {
    topic: topic.name,
    severity,
    code: 'policy-replication',
    message: `the topic "${topic.name}" has replication ${topic.replication}`,
    at: topic.places.get('replication') ?? topic.at,
    remedy: `the policy of line ${at.line} asks for at least ${min}`,
  }
}
